package io.embedlake.lexical.fitted;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.lexical.words.WordVectorBytes;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.FittedPlatform;
import io.embedlake.spi.TokenCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Word2VecPlatformTest {
    private static final Word2VecPlatform PLATFORM = new Word2VecPlatform();
    private static final byte[] MODEL =
            WordVectorBytes.of(List.of("cat", "well-known"), List.of(new float[] {1, 0}, new float[] {-0.5f, 2}));

    @TempDir
    Path folder;

    private static EmbedderRequest request(String... options) {
        return new EmbedderRequest(Optional.empty(), options.length == 0 ? Map.of() : Map.of(options[0], options[1]));
    }

    @Test
    void embedsWithTheFileThatWasTrainedAsWordVectorsDoes() {
        EmbedderSpec spec = PLATFORM.describe(request(), Models.write(folder, MODEL));
        try (Embedder embedder = PLATFORM.load(spec, Device.CPU);
                EmbeddingSession session = embedder.open()) {
            assertEquals(2, embedder.dimension());
            assertArrayEquals(
                    new float[] {0.25f, 1},
                    session.embed(List.of(session.encode("Cat well-known!"))).get(0));
            assertRefused(
                    ErrorKind.INVALID_INPUT,
                    "none of the 2 words of the text is in the model's vocabulary",
                    () -> session.encode("an ocelot"));
        }
    }

    @Test
    void fingerprintHoldsTheModelAndHowItsVectorsArePooled() {
        Path file = Models.write(folder, MODEL);
        EmbedderSpec mean = PLATFORM.describe(request("dimensions", "2"), file);
        assertEquals("word2vec in 2 dimensions", mean.label());
        assertNotEquals(
                mean.fingerprint(),
                PLATFORM.describe(request("pooling", "sif"), file).fingerprint());
        assertNotEquals(
                mean.fingerprint(),
                PLATFORM.describe(request("normalize", "true"), file).fingerprint());
        assertEquals(PLATFORM.fitting(request()), PLATFORM.fitting(request("pooling", "sif")));
        assertNotEquals(PLATFORM.fitting(request()), PLATFORM.fitting(request("dimensions", "50")));
        assertMisconfigured(
                () -> PLATFORM.describe(request("pooling", "max"), file), "Cannot pool the vectors of words: max");
    }

    @Test
    void beforeItIsTrainedItsSpecIsProvisionalAndCountsTokens() {
        EmbedderSpec spec = PLATFORM.describe(request());
        assertTrue(FittedPlatform.isProvisional(spec));
        try (TokenCounter counter = PLATFORM.counter(spec)) {
            assertEquals(2, counter.encode("one two").tokens());
        }
    }

    @Test
    void damagedFileIsRefused() throws IOException {
        EmbedderSpec spec = PLATFORM.describe(request(), Models.write(folder, MODEL));
        Path file = Path.of(spec.requiredModel());
        byte[] damaged = MODEL.clone();
        damaged[damaged.length - 1] ^= 1;
        Files.write(file, damaged);
        assertMisconfigured(
                () -> PLATFORM.load(spec, Device.CPU),
                "Cannot use the word vectors " + file,
                "their content differs from what the job was planned with");
    }

    @Test
    void wordsAndVectorsComeInPairs() {
        assertThrows(IllegalArgumentException.class, () -> WordVectorBytes.of(List.of(), List.of()));
        assertThrows(IllegalArgumentException.class, () -> WordVectorBytes.of(List.of("a"), List.of()));
    }
}
