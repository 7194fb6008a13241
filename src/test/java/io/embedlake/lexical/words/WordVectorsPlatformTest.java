package io.embedlake.lexical.words;

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
import io.embedlake.spi.Sha256;
import io.embedlake.spi.TokenCounter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordVectorsPlatformTest {
    private static final WordVectorsPlatform PLATFORM = new WordVectorsPlatform();
    private static final String LINES =
            "the 1 0\ncat 0 1\nParis 4 4\nparis -1 -1\nwell-known 3 0\nknown 0 8\nnot -1 0\n";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = Files.writeString(folder.resolve("tiny.txt"), LINES);
    }

    @Test
    void aTextHasTheMeanOfItsWords() {
        assertArrayEquals(new float[] {0.5f, 0.5f}, vector("the cat"));
        assertArrayEquals(new float[] {2 / 3f, 1 / 3f}, vector("the, the: cat!"));
    }

    @Test
    void wordsAreLookedUpAsWrittenAndThenInLowerCase() {
        assertArrayEquals(new float[] {4, 4}, vector("Paris"));
        assertArrayEquals(new float[] {-1, -1}, vector("PARIS"));
        assertArrayEquals(new float[] {0.5f, 0.5f}, vector("The CAT"));
    }

    @Test
    void joinedWordsAreLookedUpWholeAndThenInTheirParts() {
        assertArrayEquals(new float[] {3, 0}, vector("Well-Known"));
        assertArrayEquals(new float[] {0, 4.5f}, vector("cat-known"));
        assertArrayEquals(new float[] {0, 1}, vector("cat's"));
    }

    @Test
    void unknownWordsDoNotCount() {
        assertArrayEquals(vector("the cat"), vector("the ocelot cat, an ocelot"));
    }

    @Test
    void wordsThatAreKnownInNoPartAreCountedAsUnknown() {
        try (EmbeddingSession session =
                PLATFORM.load(spec(Map.of()), Device.CPU).open()) {
            EncodedInput text = session.encode("the ocelot cat-known, an ocelot-ocelot");
            assertEquals(5, text.tokens());
            assertEquals(3, text.unknown());
        }
    }

    @Test
    void textsWithoutAKnownWordAreRefused() {
        refuses("an ocelot; two ocelots", "none of the 4 words of the text is in the model's vocabulary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "...", "\u00a0\u3000"})
    void textsWithoutAWordAreRefused(String text) {
        refuses(text, "the text has no words");
    }

    @Test
    void frequentWordsCountLessWithSif() {
        double harmonic = 1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0 + 1 / 5.0 + 1 / 6.0 + 1 / 7.0;
        float the = (float) (1e-3 / (1e-3 + 1 / harmonic) / 2);
        float cat = (float) (1e-3 / (1e-3 + 1 / (2 * harmonic)) / 2);
        assertArrayEquals(new float[] {the, cat}, vector("the cat", Map.of("pooling", "sif")), 1e-9f);
        assertTrue(cat > the);
    }

    @Test
    void vectorsHaveLength1WhenTheJobAsksForIt() {
        float[] vector = vector("the cat cat", Map.of("normalize", "true"));
        assertArrayEquals(new float[] {(float) (1 / Math.sqrt(5)), (float) (2 / Math.sqrt(5))}, vector, 1e-6f);
    }

    @Test
    void wordsThatCancelEachOtherOutCannotBeBroughtToLength1() {
        assertArrayEquals(new float[] {0, 0}, vector("not the"));
        try (EmbeddingSession session = session(Map.of("normalize", "true"))) {
            EncodedInput text = session.encode("not the");
            assertRefused(
                    ErrorKind.INVALID_INPUT,
                    "the vectors of the text's words add up to zero, which cannot be brought to length 1",
                    () -> session.embed(List.of(text)));
        }
    }

    @Test
    void tokensAreWordsKnownOrNotAndNothingIsTruncated() {
        try (EmbeddingSession session = session(Map.of());
                TokenCounter counter = PLATFORM.counter(spec(Map.of()))) {
            for (EncodedInput text : List.of(
                    session.encode("The cat saw a well-known ocelot."),
                    counter.encode("The cat saw a well-known ocelot."))) {
                assertEquals(6, text.tokens());
                assertFalse(text.truncated());
            }
        }
    }

    @Test
    void theFileAndWhatIsMadeOfItAreTheFingerprint() {
        EmbedderSpec spec = spec(Map.of());
        assertEquals("tiny.txt", spec.label());
        assertEquals(
                "file=" + Sha256.hex(LINES.getBytes(StandardCharsets.UTF_8))
                        + ";normalize=false;platform=word-vectors;pooling=mean;words=version 1",
                spec.fingerprint().canonical());
        assertNotEquals(spec.fingerprint(), spec(Map.of("pooling", "sif")).fingerprint());
        assertNotEquals(spec.fingerprint(), spec(Map.of("normalize", "true")).fingerprint());
        assertEquals(
                spec.fingerprint(),
                spec(Map.of("pooling", "mean", "normalize", "false")).fingerprint());
    }

    @Test
    void anotherPlaceOfTheFileIsNoOtherFingerprint() throws IOException {
        EmbedderSpec spec = spec(Map.of());
        file = Files.move(file, folder.resolve("other.txt"));
        assertEquals(spec.fingerprint(), spec(Map.of()).fingerprint());
    }

    @Test
    void sifSaysWhatItAssumes() {
        assertEquals(List.of(), spec(Map.of()).notes());
        assertTrue(spec(Map.of("pooling", "sif")).notes().get(0).contains("Zipf's law"));
    }

    @Test
    void aModelIsNeeded() {
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot embed with the platform word-vectors: no model is given (a file of GloVe, word2vec or fastText)."
                        + " Set the key model.",
                () -> PLATFORM.describe(new EmbedderRequest(Optional.empty(), Map.of())));
    }

    @Test
    void theModelIsAFileThatIsThere() {
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot find the word vectors: no/such.vec (it is no file; one of GloVe, word2vec or fastText is needed)."
                        + " Change the key model.",
                () -> describe("no/such.vec"));
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot read the word vectors " + folder
                        + " (it is a folder, and a file of GloVe, word2vec or fastText is"
                        + " needed). Name the file in the key model.",
                () -> describe(folder.toString()));
    }

    @Test
    void filesOfAnotherKindAreRefusedWhenTheJobIsPlanned() throws IOException {
        Path prose = Files.writeString(folder.resolve("prose.txt"), "No numbers here, only prose.");
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot read the word vectors " + prose + " (it is neither text of GloVe, word2vec or fastText nor"
                        + " word2vec's binary format). Get the file again, or change the key model.",
                () -> describe(prose.toString()));
    }

    @Test
    void poolingsOfTransformersAreRefused() {
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot pool the vectors of words: cls (one of [mean, sif] with the platform word-vectors)."
                        + " Change the key pooling.",
                () -> spec(Map.of("pooling", "cls")));
    }

    @Test
    void aFileThatHasChangedIsNotLoaded() throws IOException {
        EmbedderSpec spec = spec(Map.of());
        Files.writeString(file, LINES + "more 1 1\n");
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot use the word vectors " + file + " (their content differs from what the job was planned with)."
                        + " Use the same file on every machine and start the job again.",
                () -> PLATFORM.load(spec, Device.CPU));
    }

    @Test
    void doesNotRunOnAGpu() {
        assertEquals(0, PLATFORM.visibleGpus());
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot run the platform word-vectors on gpu 0 (it computes on the processor). Set device to cpu.",
                () -> PLATFORM.load(spec(Map.of()), new Device(0)));
    }

    @Test
    void vectorsAreAsLongAsThoseOfTheFile() {
        try (Embedder embedder = PLATFORM.load(spec(Map.of()), Device.CPU)) {
            assertEquals(2, embedder.dimension());
        }
    }

    private void refuses(String text, String reason) {
        try (EmbeddingSession session = session(Map.of())) {
            assertRefused(ErrorKind.INVALID_INPUT, reason, () -> session.encode(text));
        }
    }

    private float[] vector(String text) {
        return vector(text, Map.of());
    }

    private float[] vector(String text, Map<String, String> options) {
        try (EmbeddingSession session = session(options)) {
            return session.embed(List.of(session.encode(text))).get(0);
        }
    }

    private EmbeddingSession session(Map<String, String> options) {
        return PLATFORM.load(spec(options), Device.CPU).open();
    }

    private EmbedderSpec spec(Map<String, String> options) {
        return PLATFORM.describe(new EmbedderRequest(Optional.of(file.toString()), options));
    }

    private static EmbedderSpec describe(String model) {
        return PLATFORM.describe(new EmbedderRequest(Optional.of(model), Map.of()));
    }
}
