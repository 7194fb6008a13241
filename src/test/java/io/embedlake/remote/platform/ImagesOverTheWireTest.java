package io.embedlake.remote.platform;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.service.SentImage;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.image.ImageDecoder;
import io.embedlake.image.ImageLimits;
import io.embedlake.image.Pixels;
import io.embedlake.image.PngImage;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.OutcomeStream;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.StreamEmbedder;
import io.embedlake.spi.TokenCounter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each provider's model that takes images, against the provider that runs on this machine. */
class ImagesOverTheWireTest {
    @TempDir
    private Path folder;

    private LoadedModels models;

    @BeforeEach
    void writeKey() throws IOException {
        models = LoadedModels.withKeyIn(folder);
    }

    private enum Models {
        COHERE_4(Provider.COHERE, "cohere", "embed-v4.0", 256, "jpg png gif"),
        COHERE_3(Provider.COHERE, "cohere", "embed-english-v3.0", 16, "jpg png gif"),
        VOYAGE_3(Provider.VOYAGE, "voyage", "voyage-multimodal-3", 16, "jpg png gif"),
        VOYAGE_35(Provider.VOYAGE, "voyage", "voyage-multimodal-3.5", 16, "jpg png gif"),
        JINA_CLIP(Provider.JINA, "jina", "jina-clip-v2", 16, "jpg png gif"),
        JINA_4(Provider.JINA, "jina", "jina-embeddings-v4", 16, "jpg png gif"),
        VERTEX(Provider.VERTEX, "vertex", "multimodalembedding@001", 16, "jpg png gif bmp"),
        TITAN(Provider.BEDROCK, "bedrock", "amazon.titan-embed-image-v1", 1024, "jpg png"),
        BEDROCK_COHERE_4(Provider.BEDROCK, "bedrock", "us.cohere.embed-v4:0", 16, "jpg png gif"),
        BEDROCK_COHERE_3(Provider.BEDROCK, "bedrock", "cohere.embed-english-v3", 16, "jpg png");

        private final Provider provider;
        private final String platform;
        private final String model;
        private final int dimension;
        private final List<String> unchanged;

        Models(Provider provider, String platform, String model, int dimension, String unchanged) {
            this.provider = provider;
            this.platform = platform;
            this.model = model;
            this.dimension = dimension;
            this.unchanged = List.of(unchanged.split(" "));
        }

        private FakeProvider start() {
            return FakeProvider.start(Settings.of(provider).withDimension(dimension), new HashedVectors(dimension));
        }

        /** The vector of a file: that of the bytes which the provider is sent. */
        private float[] vector(byte[] file, String format) {
            byte[] sent =
                    unchanged.contains(format) ? file : PngImage.of(ImageDecoder.decode(file, ImageLimits.DEFAULT));
            return new HashedVectors(dimension).apply(SentImage.nameOf(sent));
        }
    }

    private EmbedderRequest request(Models model, FakeProvider fake, InputKind kind) {
        Map<String, String> options = models.options(fake.baseUrl().toString(), InputKind.KEY, kind.toString());
        switch (model.provider) {
            case VERTEX -> options.putAll(Map.of("project", "p", "location", "europe-west4"));
            case BEDROCK -> options.put("location", "eu-central-1");
            default -> options.put("limits.in-flight", "4");
        }
        return new EmbedderRequest(Optional.of(model.model), options);
    }

    private StreamEmbedder load(Models model, FakeProvider fake) {
        Platform platform = Platforms.named(model.platform);
        return (StreamEmbedder) platform.load(platform.describe(request(model, fake, InputKind.IMAGE)), Device.CPU);
    }

    private static List<Outcome> outcomes(StreamEmbedder embedder, List<Input> inputs) {
        List<Outcome> outcomes = new ArrayList<>();
        try (OutcomeStream stream = embedder.embed(inputs.iterator())) {
            stream.forEachRemaining(outcomes::add);
            assertEquals(Optional.empty(), stream.stopped());
        }
        assertEquals(inputs.size(), outcomes.size());
        return outcomes;
    }

    private static void assertVector(float[] expected, Outcome outcome) {
        assertEquals(1, cosine(expected, ((Outcome.Embedded) outcome).vector()), 1e-4);
    }

    private static String reason(Outcome outcome) {
        Outcome.Refused refused = (Outcome.Refused) outcome;
        assertEquals(ErrorKind.INVALID_INPUT, refused.kind());
        return refused.reason();
    }

    @ParameterizedTest
    @EnumSource
    void vectorsComeInTheOrderOfTheirImagesAndFilesThatAreNoneCostTheirNeighboursNothing(Models model)
            throws IOException {
        List<String> formats = List.of("png", "jpg", "html", "gif", "bmp", "empty", "png", "cut", "jpg", "webp");
        List<Input> inputs = new ArrayList<>();
        List<byte[]> files = new ArrayList<>();
        for (int i = 0; i < formats.size(); i++) {
            byte[] whole = image(i, "jpg");
            files.add(
                    switch (formats.get(i)) {
                        case "html" -> "<html><body>404</body></html>".getBytes(StandardCharsets.UTF_8);
                        case "empty" -> new byte[0];
                        case "cut" -> Arrays.copyOf(whole, whole.length / 2);
                        case "webp" -> Arrays.copyOf(new byte[] {'R', 'I', 'F', 'F'}, 40);
                        default -> image(i, formats.get(i));
                    });
            inputs.add(Input.of(files.get(i)));
        }
        try (FakeProvider fake = model.start();
                StreamEmbedder embedder = load(model, fake)) {
            assertEquals(InputKind.IMAGE, embedder.inputs());
            assertEquals(model.dimension, embedder.dimension());
            List<Outcome> outcomes = outcomes(embedder, inputs);
            for (int i = 0; i < formats.size(); i++) {
                if (List.of("png", "jpg", "gif", "bmp").contains(formats.get(i))) {
                    assertVector(model.vector(files.get(i), formats.get(i)), outcomes.get(i));
                } else {
                    assertTrue(reason(outcomes.get(i)).startsWith("Cannot read the image: "), formats.get(i));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anImageThatOnlyTheProviderFindsDamagedIsRefusedAlone(Models model) throws IOException {
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            byte[] file = image(i, "png");
            if (i == 4) {
                spoilData(file);
            }
            inputs.add(Input.of(file));
        }
        try (FakeProvider fake = model.start();
                StreamEmbedder embedder = load(model, fake)) {
            List<Outcome> outcomes = outcomes(embedder, inputs);
            for (int i = 0; i < inputs.size(); i++) {
                if (i == 4) {
                    assertTrue(reason(outcomes.get(i)).startsWith("HTTP 4"), reason(outcomes.get(i)));
                } else {
                    assertVector(model.vector(inputs.get(i).image(), "png"), outcomes.get(i));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTextFindsImagesAndAnImageTexts(Models model) throws IOException {
        Platform platform = Platforms.named(model.platform);
        byte[] file = image(1, "png");
        try (FakeProvider fake = model.start()) {
            for (InputKind kind : InputKind.values()) {
                EmbedderRequest request = request(model, fake, kind);
                EmbedderSpec column = platform.describe(request);
                assertEquals(kind, column.inputs());
                assertEquals(
                        kind == InputKind.IMAGE,
                        column.fingerprint().canonical().contains("input=image"),
                        column.fingerprint().canonical());
                for (InputKind query : InputKind.values()) {
                    EmbedderSpec spec = platform.forQueries(request, column, query);
                    assertEquals(query, spec.inputs());
                    assertEquals(column.fingerprint(), spec.fingerprint());
                    boolean isImage = query == InputKind.IMAGE;
                    try (Embedder embedder = platform.load(spec, Device.CPU);
                            EmbeddingSession session = embedder.open()) {
                        EncodedInput encoded = session.encode(isImage ? Input.of(file) : Input.of("a red bicycle"));
                        float[] vector = session.embed(List.of(encoded)).get(0);
                        float[] expected = isImage
                                ? model.vector(file, "png")
                                : new HashedVectors(model.dimension).apply("a red bicycle");
                        assertEquals(1, cosine(expected, vector), 1e-4);
                        assertFalse(encoded.toString().contains("bicycle"));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTextAmongImagesAndAnImageAmongTextsAreRefusedAlone(Models model) throws IOException {
        Platform platform = Platforms.named(model.platform);
        List<Input> inputs = List.of(Input.of(image(1, "png")), Input.of("a text"), Input.of(image(2, "png")));
        try (FakeProvider fake = model.start();
                StreamEmbedder images = load(model, fake);
                StreamEmbedder texts = (StreamEmbedder)
                        platform.load(platform.describe(request(model, fake, InputKind.TEXT)), Device.CPU)) {
            List<Outcome> ofImages = outcomes(images, inputs);
            assertEquals("it is a text, and the model takes images", reason(ofImages.get(1)));
            assertVector(model.vector(inputs.get(2).image(), "png"), ofImages.get(2));
            List<Outcome> ofTexts = outcomes(texts, inputs);
            assertEquals("it is an image, and the model takes texts", reason(ofTexts.get(0)));
            assertVector(new HashedVectors(model.dimension).apply("a text"), ofTexts.get(1));
        }
    }

    @Test
    void anImageLargerThanTheProviderTakesIsRefusedAtNoCost() throws IOException {
        try (FakeProvider fake = Models.TITAN.start();
                StreamEmbedder embedder = load(Models.TITAN, fake)) {
            long before = fake.stats().requests();
            Outcome wide = outcomes(embedder, List.of(Input.of(image(1, 2049, 1, "png"))))
                    .get(0);
            assertEquals(
                    "the image has 2049 pixels on its longer side (the provider takes at most 2048)", reason(wide));
            assertEquals(before, fake.stats().requests());
        }
        try (FakeProvider fake = Models.COHERE_4.start();
                StreamEmbedder embedder = load(Models.COHERE_4, fake)) {
            long before = fake.stats().requests();
            byte[] large = image(1, 1400, 1250, "png");
            assertEquals(
                    "the image has " + large.length + " bytes (the provider takes at most 5000000)",
                    reason(outcomes(embedder, List.of(Input.of(large))).get(0)));
            assertEquals(before, fake.stats().requests());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWrongKeyShowsAtAHarmlessImage(Models model) {
        Settings settings = Settings.of(model.provider).withDimension(model.dimension);
        try (FakeProvider fake =
                FakeProvider.start(settings.withKeys("sk-right"), new HashedVectors(model.dimension))) {
            assertMisconfigured(() -> load(model, fake).close(), "Cannot embed with " + model.model, "api-key");
            assertEquals(1, fake.stats().requests());
        }
    }

    @Test
    void aProviderThatRefusesEveryImageStopsTheJobAndIsNotQuotedWithAnImage() throws IOException {
        String echo = Base64.getEncoder().encodeToString(PngImage.harmless()).substring(0, 100);
        try (SayingServer server = SayingServer.start(
                400, "application/json", "{\"message\": \"image data:image/png;base64," + echo + " is refused\"}")) {
            EmbedlakeException refusal = LoadedModels.refuses(
                    "cohere",
                    "embed-v4.0",
                    models.options(server.address(), InputKind.KEY, InputKind.IMAGE.toString()),
                    "Cannot embed with embed-v4.0: HTTP 400: image ... is refused");
            assertFalse(refusal.getMessage().contains(echo.substring(0, 8)), refusal.getMessage());
        }
    }

    @Test
    void asManyImagesAsTheProviderTakesShareACall() throws IOException {
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            inputs.add(Input.of(image(i, 8, 8, "png")));
        }
        for (Models model : List.of(Models.COHERE_4, Models.COHERE_3)) {
            try (FakeProvider fake = model.start();
                    StreamEmbedder embedder = load(model, fake)) {
                long before = fake.stats().requests();
                outcomes(embedder, inputs);
                assertEquals(model == Models.COHERE_4 ? 2 : 100, fake.stats().requests() - before);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "VOYAGE_3, 1000, 700, 1250",
        "COHERE_4, 512, 512, 1610",
        "COHERE_4, 1, 1, 20",
        "COHERE_3, 1000, 700, 1",
        "JINA_CLIP, 513, 512, 8000",
        "JINA_4, 57, 28, 30",
        "VERTEX, 1000, 700, 1",
        "TITAN, 1000, 700, 1"
    })
    void anImageCountsAsTheProviderChargesForIt(Models model, int width, int height, int tokens) throws IOException {
        Platform platform = Platforms.named(model.platform);
        try (FakeProvider fake = model.start();
                TokenCounter counter = platform.counter(platform.describe(request(model, fake, InputKind.IMAGE)))) {
            byte[] file = PngImage.of(new Pixels(width, height, new byte[3 * width * height]));
            assertEquals(tokens, counter.encode(Input.of(file)).tokens());
            assertEquals(0, fake.stats().requests());
        }
    }

    @Test
    void theChargeOfAnAnswerCountsImages() throws IOException {
        for (Models model : List.of(Models.COHERE_4, Models.VOYAGE_3, Models.TITAN, Models.COHERE_3)) {
            try (FakeProvider fake = model.start();
                    StreamEmbedder embedder = load(model, fake)) {
                Outcome.Embedded outcome =
                        (Outcome.Embedded) outcomes(embedder, List.of(Input.of(image(1, 100, 100, "png"))))
                                .get(0);
                assertTrue(outcome.tokens() > 0, model.name());
            }
        }
    }

    @Test
    void modelsThatTakeNoImagesNameThoseThatDo() {
        refused("mistral", "mistral-embed", Map.of(), "takes texts only", "bedrock, cohere, jina, vertex, voyage");
        refused("openai", "text-embedding-3-small", Map.of(), "takes texts only", "Change platform and model");
        refused("voyage", "voyage-3.5", Map.of(), "voyage-multimodal-3.5", "Change model");
        refused("cohere", "embed-english-v2.0", Map.of(), "embed-v4.0", "Change model");
        refused("bedrock", "amazon.titan-embed-text-v2:0", Map.of("location", "eu-central-1"), "titan-embed-image-v1");
        refused("cohere", "embed-v4.0", Map.of("mode", "batch"), "mode", "images are sent in calls only");
        refused("cohere", "embed-v4.0", Map.of("long-text", "error"), "long-text", "no such option for images");
    }

    @Test
    void anImageIsNoQueryWhereTheModelTakesTextsOnly() {
        Platform platform = Platforms.named("mistral");
        EmbedderRequest request = new EmbedderRequest(Optional.of("mistral-embed"), Map.of());
        EmbedderSpec column = platform.describe(request);
        assertMisconfigured(
                () -> platform.forQueries(request, column, InputKind.IMAGE),
                "Cannot search with an image",
                "mistral",
                "Search with a text");
        assertEquals(column, platform.forQueries(request, column, InputKind.TEXT));
    }

    private static void refused(String platform, String model, Map<String, String> options, String... parts) {
        Map<String, String> all = new HashMap<>(options);
        all.put(InputKind.KEY, InputKind.IMAGE.toString());
        assertMisconfigured(
                () -> Platforms.named(platform).describe(new EmbedderRequest(Optional.of(model), all)), parts);
    }

    /** Replaces the compressed data of a PNG file of one chunk of data, whose checksum is right afterwards. */
    private static void spoilData(byte[] png) {
        int type = 8 + 25 + 4;
        ByteBuffer file = ByteBuffer.wrap(png);
        int length = file.getInt(type - 4);
        assertEquals("IDAT", new String(png, type, 4, StandardCharsets.US_ASCII));
        Arrays.fill(png, type + 4, type + 4 + length, (byte) 0x55);
        CRC32 crc = new CRC32();
        crc.update(png, type, 4 + length);
        file.putInt(type + 4 + length, (int) crc.getValue());
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double x = 0;
        double y = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            x += (double) a[i] * a[i];
            y += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(x * y);
    }

    private static byte[] image(int seed, String format) throws IOException {
        return image(seed, 70, 60, format);
    }

    private static byte[] image(int seed, int width, int height, String format) throws IOException {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format, file));
        return file.toByteArray();
    }
}
