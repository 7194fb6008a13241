package io.embedlake.lexical.fitted;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.FittedPlatform;
import io.embedlake.spi.TokenCounter;
import io.embedlake.testing.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BagPlatformTest {
    private static final TfIdfPlatform TF_IDF = new TfIdfPlatform();
    private static final EmbedderRequest PLAIN = request(Map.of());

    @TempDir
    Path folder;

    private static EmbedderRequest request(Map<String, String> options) {
        return new EmbedderRequest(Optional.empty(), options);
    }

    private EmbedderSpec described(BagModel model) {
        BagPlatform platform = model.weighting() == Weighting.TF_IDF ? TF_IDF : new BagOfWordsPlatform();
        return platform.describe(PLAIN, Models.write(folder, BagFile.bytes(model)));
    }

    private static float[] embed(BagPlatform platform, EmbedderSpec spec, String text) {
        try (Embedder embedder = platform.load(spec, Device.CPU);
                EmbeddingSession session = embedder.open()) {
            return session.embed(List.of(session.encode(text))).get(0);
        }
    }

    @Test
    void beforeItIsFittedItsSpecIsProvisionalAndCountsTokens() {
        EmbedderSpec spec = TF_IDF.describe(PLAIN);
        assertTrue(FittedPlatform.isProvisional(spec));
        assertEquals("tf-idf, to be fitted", spec.label());
        assertEquals(
                List.of(
                        "the first run fits the model on 100,000 of the column's texts, or on all when there are fewer"),
                spec.notes());
        try (TokenCounter counter = TF_IDF.counter(spec)) {
            assertEquals(3, counter.encode("one two, three").tokens());
            assertRefused(ErrorKind.INVALID_INPUT, "the text has no words", () -> counter.encode("..."));
        }
    }

    @Test
    void itsFingerprintHoldsTheModel() {
        EmbedderSpec tiny = described(Models.tiny());
        assertFalse(FittedPlatform.isProvisional(tiny));
        assertEquals("tf-idf of 2 words in 2 dimensions", tiny.label());
        assertEquals(List.of("the model was fitted on 7 of the column's texts"), tiny.notes());
        assertNotEquals(TF_IDF.describe(PLAIN).fingerprint(), tiny.fingerprint());
        assertEquals(tiny.fingerprint(), described(Models.tiny()).fingerprint());
        BagModel other = new BagModel(
                new Terms.LowerCaseWords(),
                Weighting.TF_IDF,
                7,
                List.of("cat", "cow"),
                new float[] {1, 2},
                2,
                new float[0]);
        assertNotEquals(tiny.fingerprint(), described(other).fingerprint());
    }

    @Test
    void whatIsFittedDependsOnEveryOptionButTheSizeOfTheSample() {
        assertEquals(TF_IDF.fitting(PLAIN), TF_IDF.fitting(request(Map.of("fit-rows", "500"))));
        assertEquals(TF_IDF.fitting(PLAIN), TF_IDF.fitting(request(Map.of("vocabulary", "20000"))));
        for (String option : List.of("vocabulary", "min-documents", "dimensions")) {
            assertNotEquals(TF_IDF.fitting(PLAIN), TF_IDF.fitting(request(Map.of(option, "77"))), option);
        }
        assertNotEquals(TF_IDF.fitting(PLAIN), new BagOfWordsPlatform().fitting(PLAIN));
        BagOfCharactersPlatform characters = new BagOfCharactersPlatform();
        assertNotEquals(characters.fitting(PLAIN), characters.fitting(request(Map.of("ngrams", "1-3"))));
    }

    @Test
    void countsTimesWeightsHaveLengthOneAndUnknownWordsDoNotCount() {
        EmbedderSpec spec = described(Models.tiny());
        float length = (float) Math.sqrt(3 * 3 + 2 * 2);
        assertArrayEquals(
                new float[] {3 / length, 2 / length}, embed(TF_IDF, spec, "Cat, cat: DOG cat, ocelot"), 1e-6f);
        assertArrayEquals(new float[] {0, 1}, embed(TF_IDF, spec, "dog"), 0);
        try (EmbeddingSession session = TF_IDF.load(spec, Device.CPU).open()) {
            EncodedInput text = session.encode("Cat, cat: DOG cat, ocelot");
            assertEquals(5, text.tokens());
            assertEquals(1, text.unknown());
        }
    }

    @Test
    void rareWordsWeighMoreAndWordsOfEveryTextStillSomething() {
        assertEquals(1, Weighting.TF_IDF.weight(9, 9), 1e-6);
        assertEquals(Math.log(10) + 1, Weighting.TF_IDF.weight(99, 9), 1e-6);
        assertEquals(1, Weighting.COUNTS.weight(99, 9));
    }

    @Test
    void textWithoutAKnownTermIsRefused() {
        EmbedderSpec spec = described(Models.tiny());
        assertRefused(
                ErrorKind.INVALID_INPUT,
                "none of the 2 words of the text is in the model's vocabulary",
                () -> embed(TF_IDF, spec, "an ocelot"));
        assertRefused(ErrorKind.INVALID_INPUT, "the text has no words", () -> embed(TF_IDF, spec, "?!"));
    }

    @Test
    void projectsAsThePlainSumDoesWhateverTheNumberOfTerms() {
        Property.holds(20, random -> {
            BagModel model = Models.random(random, 11, 1 + random.nextInt(9));
            EmbedderSpec spec = described(model);
            for (int terms = 1; terms <= model.vocabulary().size(); terms++) {
                String text = IntStream.range(0, terms).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
                assertArrayEquals(plain(model, terms), embed(new BagOfWordsPlatform(), spec, text), 1e-5f);
            }
        });
    }

    private static float[] plain(BagModel model, int terms) {
        double squares = 0;
        float[] sum = new float[model.dimensions()];
        for (int term = 0; term < terms; term++) {
            squares += model.weights()[term] * model.weights()[term];
            for (int i = 0; i < sum.length; i++) {
                sum[i] += model.weights()[term] * model.projection()[term * sum.length + i];
            }
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= (float) Math.sqrt(squares);
        }
        return sum;
    }

    @Test
    void modelOfAnotherPlatformOrOfOtherNgramsIsRefused() {
        Path tfIdf = Models.write(folder, BagFile.bytes(Models.tiny()));
        assertMisconfigured(
                () -> new BagOfWordsPlatform().describe(PLAIN, tfIdf),
                "with the platform bag-of-words (it was fitted on words in lower case, version 1, weighted by tf-idf, and the job"
                        + " asks for words in lower case, version 1, weighted by counts)");
        assertMisconfigured(
                () -> new BagOfCharactersPlatform().describe(request(Map.of("ngrams", "1-3")), tfIdf),
                "the job asks for 1-3-grams of characters, version 1");
    }

    @Test
    void fileThatHoldsAnotherModelThanWasPlannedIsRefused() throws IOException {
        EmbedderSpec spec = described(Models.tiny());
        Path file = Path.of(spec.requiredModel());
        Files.write(file, BagFile.bytes(Models.random(new Random(1), 5, 3)));
        assertMisconfigured(
                () -> TF_IDF.load(spec, Device.CPU),
                "Cannot use the fitted model " + file,
                "its content differs from what the job was planned with");
    }

    @Test
    void computesOnTheProcessorOnly() {
        EmbedderSpec spec = described(Models.tiny());
        assertMisconfigured(() -> TF_IDF.load(spec, new Device(0)), "Cannot run the platform tf-idf on gpu 0");
    }

    @Test
    void saysWhyAVocabularyCannotBeFitted() {
        BagSettings settings = TF_IDF.settings(request(Map.of("min-documents", "5")));
        assertMisconfigured(
                () -> settings.requireTerms(List.of(), 40),
                "Cannot fit a vocabulary: none of the words of 40 texts stands in 5 of them (at least one must).");
        assertMisconfigured(
                () -> settings.requireTerms(List.of("a", "b"), 40),
                "Cannot fit 256 dimensions: the sample has 2 words",
                "Set dimensions to at most 2, or to vocabulary.");
        TF_IDF.settings(request(Map.of("dimensions", "vocabulary"))).requireTerms(List.of("a", "b"), 40);
    }
}
