package io.embedlake.local.training;

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
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Sha256;
import io.embedlake.spi.TokenCounter;
import io.embedlake.spi.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TabularPlatformTest {
    private static final AutoencoderPlatform AUTOENCODER = new AutoencoderPlatform();
    private static final GanPlatform GAN = new GanPlatform();
    private static final EmbedderRequest FOUR = new EmbedderRequest(Optional.empty(), Map.of("dimensions", "4"));
    private static final List<String> CUSTOMERS = customers(400);

    @TempDir
    Path folder;

    @Test
    void rowsOfAKindAreNearerToEachOtherThanToOthers() throws IOException {
        for (TabularPlatform platform : List.of(AUTOENCODER, GAN)) {
            EmbedderSpec spec = fitted(platform, FOUR);
            List<float[]> vectors = embed(platform, spec, customers(100));
            int right = 0;
            for (int i = 0; i < vectors.size(); i++) {
                right += nearest(vectors, i) % 2 == i % 2 ? 1 : 0;
            }
            assertTrue(right >= 90, platform.name() + ": " + right + " of 100");
            assertEquals(4, vectors.get(0).length);
        }
    }

    private static int nearest(List<float[]> vectors, int query) {
        int nearest = -1;
        double best = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < vectors.size(); i++) {
            double cosine = Vectors.cosine(vectors.get(query), vectors.get(i));
            if (i != query && cosine > best) {
                best = cosine;
                nearest = i;
            }
        }
        return nearest;
    }

    @Test
    void theSameSampleAndSeedGiveTheSameModel() {
        List<String> pixels = FashionMnist.TRAIN.json(120);
        byte[] model = AUTOENCODER.fit(FOUR, pixels, 1);
        assertArrayEquals(model, AUTOENCODER.fit(FOUR, pixels, 1));
        assertFalse(Arrays.equals(model, AUTOENCODER.fit(FOUR, pixels, 2)));
    }

    /** Written down on one machine: another processor, number of cores or load gives no other bits. */
    @Test
    void everyMachineTrainsTheSameModel() {
        List<String> pixels = FashionMnist.TRAIN.json(120);
        assertEquals(
                "09f7eb51136d5db44e1f9f122e525a05fcc81cb66531563ed150b6b94d0107fb",
                Sha256.hex(AUTOENCODER.fit(FOUR, pixels, 1)));
        assertEquals(
                "737c41fa9ee1c438df6eadb56a4e976681676c435b5f1c9ca049c0d6151874b0",
                Sha256.hex(GAN.fit(FOUR, pixels, 1)));
    }

    @Test
    void theFingerprintHoldsTheModel() throws IOException {
        EmbedderSpec spec = fitted(AUTOENCODER, FOUR);
        assertTrue(spec.fingerprint().canonical().contains("model=" + spec.setting("weights-sha256")));
        assertEquals("autoencoder of 5 columns in 4 dimensions", spec.label());
        assertEquals(List.of("the model was fitted on 400 of the column's rows"), spec.notes());
        assertNotEquals(AUTOENCODER.fitting(FOUR), GAN.fitting(FOUR));
        assertNotEquals(AUTOENCODER.fitting(FOUR), AUTOENCODER.fitting(request(Map.of())));
        assertEquals(AUTOENCODER.fitting(FOUR), AUTOENCODER.describe(FOUR).fingerprint());
    }

    @Test
    void vectorsHaveHalfAsManyDimensionsAsRowsHaveFeaturesUnlessTheJobSaysOtherwise() throws IOException {
        EmbedderSpec spec = fitted(AUTOENCODER, request(Map.of()));
        assertEquals("autoencoder of 5 columns in 5 dimensions", spec.label());
    }

    @Test
    void tokensAreTheValuesOfARow() throws IOException {
        EmbedderSpec spec = fitted(AUTOENCODER, FOUR);
        try (TokenCounter counter = AUTOENCODER.counter(AUTOENCODER.describe(FOUR));
                Embedder embedder = AUTOENCODER.load(spec, Device.CPU);
                EmbeddingSession session = embedder.open()) {
            String row = CUSTOMERS.get(0);
            assertEquals(6, counter.encode(row).tokens());
            assertEquals(6, session.encode(row).tokens());
            assertEquals(4, embedder.dimension());
            assertRefused(
                    ErrorKind.INVALID_INPUT,
                    "the row cannot be read: it is neither an object nor an array of JSON",
                    () -> counter.encode("12"));
        }
    }

    @Test
    void refusesModelsThatAreDamagedOrOfOthers() throws IOException {
        EmbedderSpec spec = fitted(AUTOENCODER, FOUR);
        Path file = Path.of(spec.requiredModel());
        assertMisconfigured(
                () -> GAN.describe(FOUR, file),
                "with the platform gan (it was fitted by the platform autoencoder for 4 dimensions)");
        assertMisconfigured(() -> AUTOENCODER.describe(request(Map.of("dimensions", "3")), file), "for 4 dimensions");
        Path missing = folder.resolve("missing");
        assertMisconfigured(() -> AUTOENCODER.describe(FOUR, missing), "Cannot read the fitted model " + missing);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertMisconfigured(
                () -> AUTOENCODER.load(spec, Device.CPU),
                "(a model for rows that is damaged: its checksum differs). Remove the file and start the job again.");
        Files.write(file, AUTOENCODER.fit(FOUR, CUSTOMERS.subList(0, 200), 9));
        assertMisconfigured(
                () -> AUTOENCODER.load(spec, Device.CPU), "its content differs from what the job was planned with");
    }

    @Test
    void doesNotRunOnAGpu() throws IOException {
        EmbedderSpec spec = fitted(AUTOENCODER, FOUR);
        assertMisconfigured(() -> AUTOENCODER.load(spec, new Device(0)), "Set device to cpu.");
    }

    @Test
    void saysWhyASampleCannotBeLearnedFrom() {
        assertMisconfigured(
                () -> AUTOENCODER.fit(FOUR, CUSTOMERS.subList(0, 99), 1),
                "there are 99 rows (at least 100 are needed)");
        assertMisconfigured(
                () -> GAN.fit(request(Map.of("dimensions", "11")), CUSTOMERS, 1),
                "a row has 11 values (more are needed than dimensions)");
    }

    private EmbedderSpec fitted(TabularPlatform platform, EmbedderRequest request) throws IOException {
        Path file = Files.createTempFile(folder, platform.name(), ".model");
        Files.write(file, platform.fit(request, CUSTOMERS, 3));
        return platform.describe(request, file);
    }

    private static List<float[]> embed(TabularPlatform platform, EmbedderSpec spec, List<String> rows) {
        try (Embedder embedder = platform.load(spec, Device.CPU);
                EmbeddingSession session = embedder.open()) {
            return session.embed(rows.stream().map(session::encode).toList());
        }
    }

    private static EmbedderRequest request(Map<String, String> options) {
        return new EmbedderRequest(Optional.empty(), options);
    }

    /** Rows of two kinds in turn: those of the second are older and buy more and other things. */
    private static List<String> customers(int count) {
        Random random = new Random(count);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int kind = i % 2;
            rows.add("{\"age\":" + (int) (25 + 30 * kind + 5 * random.nextGaussian())
                    + ",\"price\":" + (random.nextInt(5) == 0 ? "null" : 10 + 40 * kind + 10 * random.nextDouble())
                    + ",\"colour\":\"" + List.of("red", "blue", "green", "grey").get(2 * kind + random.nextInt(2))
                    + "\",\"member\":" + (random.nextInt(10) < 2 + 6 * kind)
                    + ",\"visits\":[" + (kind + random.nextInt(3)) + "," + (3 * kind + random.nextInt(3)) + "]}");
        }
        return rows;
    }
}
