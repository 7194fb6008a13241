package io.embedlake.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.pipeline.ReferenceVectorCheck;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Vectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GranularityTest {
    private static final Map<String, String> TOKENS = Map.of("granularity", "token");
    private static final List<String> TEXTS =
            List.of("yes", "A cat sleeps on the warm stone of the bridge.", "Unbelievable re-embeddings!");

    @TempDir
    Path folder;

    @Test
    void whatAVectorStandsForIsPartOfTheFingerprint() {
        Set<Fingerprint> fingerprints = new HashSet<>();
        List<Map<String, String>> all = List.of(
                Map.of(),
                TOKENS,
                Map.of("granularity", "token", "merge-words", "true"),
                Map.of("granularity", "token", "normalize", "true"),
                Map.of("long-text", "split-mean"),
                Map.of("long-text", "split-rows"));
        all.forEach(options ->
                fingerprints.add(MiniLm.describe(Optional.empty(), options).fingerprint()));
        assertEquals(all.size(), fingerprints.size());
    }

    @Test
    void specsSayWhatGetsAVector() {
        assertEquals(Granularity.ATTRIBUTE, MiniLm.SPEC.granularity());
        assertEquals(
                Granularity.TOKEN, MiniLm.describe(Optional.empty(), TOKENS).granularity());
        assertEquals(
                Granularity.PIECE,
                MiniLm.describe(Optional.empty(), Map.of("long-text", "split-rows"))
                        .granularity());
    }

    @Test
    void onnxNetworksGiveTheSameTokens() throws IOException {
        Path onnx = MiniLm.directory(folder);
        try (Embedder ours = load(Optional.empty(), TOKENS);
                Embedder other = load(Optional.of(onnx.toString()), TOKENS)) {
            List<Outcome.Embedded> expected = MiniLm.embed(other, TEXTS);
            List<Outcome.Embedded> actual = MiniLm.embed(ours, TEXTS);
            for (int i = 0; i < TEXTS.size(); i++) {
                assertEquals(expected.get(i).spans(), actual.get(i).spans());
                assertArrayEquals(expected.get(i).vector(), actual.get(i).vector(), 1e-4f);
            }
        }
    }

    @Test
    void vectorsOfTokensAreAsLongAsTheModelMakesThemUnlessAskedOtherwise() {
        Map<String, String> unit = Map.of("granularity", "token", "normalize", "true", "merge-words", "true");
        try (Embedder plain = load(Optional.empty(), TOKENS);
                Embedder normalized = load(Optional.empty(), unit)) {
            assertTrue(length(MiniLm.embed(plain, TEXTS).get(0).vector()) > 1.5);
            float[] vectors = MiniLm.embed(normalized, TEXTS).get(1).vector();
            for (int from = 0; from < vectors.length; from += normalized.dimension()) {
                assertEquals(
                        1, length(java.util.Arrays.copyOfRange(vectors, from, from + normalized.dimension())), 1e-5);
            }
        }
    }

    private static double length(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    @Test
    void theGateComparesEveryToken() {
        try (Embedder exact = load(Optional.empty(), TOKENS);
                Embedder half = load(Optional.empty(), Map.of("granularity", "token", "precision", "fp16"))) {
            ReferenceVectorCheck.of("test", exact).check(exact, "here");
            float[] expected = MiniLm.vector(exact, TEXTS.get(1));
            float[] broken = MiniLm.vector(half, TEXTS.get(1));
            assertTrue(Vectors.leastCosine(expected, broken, exact.dimension()) > 0.999);
            for (int i = 0; i < exact.dimension(); i++) {
                broken[3 * exact.dimension() + i] *= -1;
            }
            assertEquals(-1, Vectors.leastCosine(expected, broken, exact.dimension()), 1e-3);
        }
    }

    @Test
    void textsThatAreTooLongLoseTheirLastTokensAndAreCounted() {
        try (Embedder embedder = load(Optional.empty(), Map.of("granularity", "token", "max-tokens", "8"))) {
            Outcome.Embedded cut = MiniLm.embed(embedder, List.of("one two three four five six seven eight nine"))
                    .get(0);
            assertTrue(cut.truncated());
            assertEquals(6, cut.spans().orElseThrow().count());
        }
    }

    @Test
    void aTextWithoutATokenOfItsOwnHasNoVectors() {
        try (Embedder embedder = load(Optional.empty(), TOKENS)) {
            Outcome.Embedded empty = MiniLm.embed(embedder, List.of("\u0001")).get(0);
            assertEquals(0, empty.spans().orElseThrow().count());
            assertEquals(0, empty.vector().length);
        }
    }

    @Test
    void refusesWhatMeansNothingToTokens() {
        refuses(Map.of("granularity", "token", "pooling", "mean"), "pooling is mean and granularity is token");
        refuses(Map.of("granularity", "token", "long-text", "split-mean"), "Set long-text to truncate or error");
        refuses(Map.of("granularity", "token", "long-text", "split-rows"), "Set long-text to truncate or error");
    }

    private static void refuses(Map<String, String> options, String part) {
        EmbedlakeException refusal =
                assertThrows(EmbedlakeException.class, () -> MiniLm.describe(Optional.empty(), options));
        assertEquals(ErrorKind.CONFIGURATION, refusal.kind());
        assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
    }

    @Test
    void layersMayBeChosenForTokensToo() {
        Map<String, String> concat = Map.of("granularity", "token", "layers", "concat-last-four");
        try (Embedder embedder = load(Optional.empty(), concat)) {
            assertEquals(4 * 384, embedder.dimension());
        }
        assertNotEquals(
                MiniLm.describe(Optional.empty(), TOKENS).fingerprint(),
                MiniLm.describe(Optional.empty(), concat).fingerprint());
    }

    private static Embedder load(Optional<String> model, Map<String, String> options) {
        EmbedderSpec spec = MiniLm.describe(model, options);
        return MiniLm.PLATFORM.load(spec, Device.CPU);
    }
}
