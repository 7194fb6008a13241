package io.embedlake.local.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.Spans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The vectors of tokens and words, as a job would get them, for the tokenizer of every family. */
class TokenVectorsTest {
    private static final Platform PLATFORM = Platforms.named("huggingface");
    private static final Map<String, String> TOKENS = Map.of("granularity", "token", "precision", "fp32");

    /** Texts whose words are what stands between spaces, punctuation apart, for tokenizers that know words and for others. */
    private static final String PLAIN = "The bridge near Accra was repaired";

    static Stream<Path> families() {
        return Golden.cases("tiny").stream().filter(folder -> Golden.json(folder.resolve("cases.json"))
                .path("text_cases")
                .path(0)
                .has("mean"));
    }

    /** Special tokens have no vector here; with theirs, which are the first and the last, the vectors' mean is the pooled one. */
    @TestFactory
    Stream<DynamicTest> tokensHaveTheHiddenStatesOfTheirPositions() {
        return families()
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> compareMeans(folder)));
    }

    private static void compareMeans(Path folder) {
        List<JsonNode> cases = new ArrayList<>();
        Golden.json(folder.resolve("cases.json")).path("text_cases").forEach(cases::add);
        try (Embedder embedder = load(folder, Map.of());
                EmbeddingSession session = embedder.open()) {
            assertEquals(Granularity.TOKEN, embedder.granularity());
            List<EncodedInput> texts = cases.stream()
                    .map(text -> session.encode(text.path("text").asText()))
                    .toList();
            List<float[]> together = session.embed(texts);
            for (int i = 0; i < texts.size(); i++) {
                String what = folder.getFileName() + " text " + i;
                int spans = texts.get(i).spans().orElseThrow().count();
                assertEquals(spans * embedder.dimension(), together.get(i).length, what);
                assertMean(what, cases.get(i), together.get(i), spans);
                assertArrayEquals(session.embed(List.of(texts.get(i))).get(0), together.get(i), 1e-4f, what + " alone");
            }
        }
    }

    private static void assertMean(String what, JsonNode expected, float[] vectors, int spans) {
        float[] mean = Golden.floats(expected.path("mean"));
        int ids = expected.path("input_ids").size();
        int special = ids - spans;
        assertTrue(special >= 0 && special <= 2, what + ": " + special + " special tokens");
        double[] sum = new double[mean.length];
        for (int i = 0; i < vectors.length; i++) {
            sum[i % mean.length] += vectors[i];
        }
        double error = Double.MAX_VALUE;
        for (List<String> ends : special == 2
                ? List.of(List.of("cls", "last_token"))
                : special == 1 ? List.of(List.of("cls"), List.of("last_token")) : List.of(List.<String>of())) {
            double worst = 0;
            for (int i = 0; i < mean.length; i++) {
                double all = sum[i];
                for (String end : ends) {
                    all += expected.path(end).get(i).asDouble();
                }
                worst = Math.max(worst, Math.abs(all / ids - mean[i]) / Math.max(1, Math.abs(mean[i])));
            }
            error = Math.min(error, worst);
        }
        assertTrue(error <= 1e-4, what + ": the mean differs by " + error);
    }

    @TestFactory
    Stream<DynamicTest> mergedTokensAreWords() {
        return families()
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> compareWords(folder)));
    }

    private static void compareWords(Path folder) {
        try (Embedder words = load(folder, Map.of("merge-words", "true"));
                Embedder tokens = load(folder, Map.of());
                EmbeddingSession ofWords = words.open();
                EmbeddingSession ofTokens = tokens.open()) {
            assertEquals(
                    List.of(PLAIN.split(" ")), parts(PLAIN, ofWords.encode(PLAIN)), folder + ": words of a plain text");
            EncodedInput encoded = ofTokens.encode(PLAIN);
            Spans single = encoded.spans().orElseThrow();
            float[] vectors = ofTokens.embed(List.of(encoded)).get(0);
            EncodedInput merged = ofWords.encode(PLAIN);
            float[] actual = ofWords.embed(List.of(merged)).get(0);
            Spans spans = merged.spans().orElseThrow();
            for (int word = 0; word < spans.count(); word++) {
                int behind = word == 0 ? 0 : spans.ends()[word - 1];
                assertArrayEquals(
                        mean(vectors, single, behind, spans.ends()[word], words.dimension()),
                        part(actual, word, words.dimension()),
                        1e-4f,
                        folder + ": word " + word);
            }
        }
    }

    private static float[] part(float[] all, int part, int width) {
        return java.util.Arrays.copyOfRange(all, part * width, (part + 1) * width);
    }

    /** The mean of the tokens that begin behind a place and before the end of a word. */
    private static float[] mean(float[] vectors, Spans tokens, int behind, int end, int width) {
        float[] mean = new float[width];
        int count = 0;
        for (int token = 0; token < tokens.count(); token++) {
            if (tokens.starts()[token] >= behind && tokens.starts()[token] < end) {
                count++;
                for (int i = 0; i < width; i++) {
                    mean[i] += vectors[token * width + i];
                }
            }
        }
        for (int i = 0; i < width; i++) {
            mean[i] /= count;
        }
        return mean;
    }

    /** What of a text its spans stand for; the spans count code points. */
    private static List<String> parts(String text, EncodedInput encoded) {
        Spans spans = encoded.spans().orElseThrow();
        int[] characters = text.codePoints().toArray();
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < spans.count(); i++) {
            parts.add(new String(characters, spans.starts()[i], spans.ends()[i] - spans.starts()[i]));
        }
        return parts;
    }

    /** The embedded model has the vocabulary of bert-base-uncased. */
    @Test
    void spansAreThoseOfTransformersInCodePoints() throws IOException {
        List<String> lines = Files.readAllLines(Golden.folder("real").resolve("bert-base-uncased.tokens.jsonl"));
        EmbedderSpec spec = PLATFORM.describe(new EmbedderRequest(Optional.empty(), TOKENS));
        try (Embedder embedder = PLATFORM.load(spec, Device.CPU);
                EmbeddingSession session = embedder.open()) {
            for (String line : lines) {
                JsonNode expected = new ObjectMapper().readTree(line);
                Spans spans =
                        session.encode(expected.path("text").asText()).spans().orElseThrow();
                List<List<Integer>> actual = new ArrayList<>();
                for (int i = 0; i < spans.count(); i++) {
                    actual.add(List.of(spans.starts()[i], spans.ends()[i]));
                }
                List<List<Integer>> offsets = new ArrayList<>();
                expected.path("offsets")
                        .forEach(pair -> offsets.add(
                                List.of(pair.get(0).asInt(), pair.get(1).asInt())));
                assertEquals(offsets.subList(1, offsets.size() - 1), actual);
            }
        }
        assertEquals(5, lines.size());
    }

    @Test
    void wordsEndAtPunctuationAndAreSpannedInCodePoints() {
        String text = "\ud83d\ude42 Unbelievable re-embeddings, na\u00efvet\u00e9!";
        assertEquals(
                List.of("\ud83d\ude42", "Unbelievable", "re", "-", "embeddings", ",", "na\u00efvet\u00e9", "!"),
                wordsOfTheEmbeddedModel(text, Map.of()));
    }

    @Test
    void spansLeaveThePromptOut() {
        assertEquals(List.of("red", "apples"), wordsOfTheEmbeddedModel("red apples", Map.of("prompt", "passage: ")));
        assertEquals(
                List.of("red", "apples"), wordsOfTheEmbeddedModel("red apples", Map.of("prompt", "\ud83d\ude42 ")));
    }

    private static List<String> wordsOfTheEmbeddedModel(String text, Map<String, String> options) {
        Map<String, String> all = new TreeMap<>(TOKENS);
        all.put("merge-words", "true");
        all.putAll(options);
        EmbedderSpec spec = PLATFORM.describe(new EmbedderRequest(Optional.empty(), all));
        try (Embedder embedder = PLATFORM.load(spec, Device.CPU);
                EmbeddingSession session = embedder.open()) {
            return parts(text, session.encode(text));
        }
    }

    private static Embedder load(Path folder, Map<String, String> options) {
        Map<String, String> all = new TreeMap<>(TOKENS);
        all.putAll(options);
        return PLATFORM.load(PLATFORM.describe(new EmbedderRequest(Optional.of(folder.toString()), all)), Device.CPU);
    }
}
