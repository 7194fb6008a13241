package io.embedlake.local.golden;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.Spans;
import io.embedlake.spi.TokenCounter;
import io.embedlake.spi.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders of image models: from a file of an image to its vector, what is assumed, and what is refused. */
class ImageModelsTest {
    private static final Platform PLATFORM = Platforms.named("huggingface");
    private static final double LOSSLESS = 0.99999;
    private static final double LOSSY = 0.999;

    /** Pillow clips its 16 bits where others scale. */
    private static final String NOT_JUDGED = "gray16.png";

    private static final Map<String, String> POOLINGS = Map.of(
            "mean", "mean",
            "cls", "cls",
            "patch_mean", "patch-mean",
            "pooler_output", "pooler",
            "image_embeds", "projection");

    private static final String WORDS =
            """
            {"version": "1.0", "added_tokens": [{"id": 1, "content": "</s>", "special": true, "single_word": false,
              "lstrip": false, "rstrip": false, "normalized": false}],
             "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["</s>", 0], ["\u2581a", -1],
              ["\u2581red", -1], ["\u2581bicycle", -1], ["\u2581", -3]]}}""";

    @TempDir
    Path temporary;

    @TestFactory
    Stream<DynamicTest> everyModelGivesTheExpectedVectorsOfFiles() throws IOException {
        try (Stream<Path> models = Files.list(Golden.folder("images").resolve("models"))) {
            return models.sorted().toList().stream().flatMap(file -> {
                JsonNode model = Golden.json(file);
                Path folder = assemble(
                        model.path("checkpoint").asText(),
                        model.path("processor").asText());
                return POOLINGS.keySet().stream()
                        .filter(key -> model.path("cases").get(0).has(key))
                        .map(key -> DynamicTest.dynamicTest(
                                file.getFileName() + " " + key, () -> compare(model.path("cases"), folder, key)));
            });
        }
    }

    private static void compare(JsonNode cases, Path folder, String key) throws IOException {
        EmbedderSpec spec = describe(folder, Map.of("input", "image", "pooling", POOLINGS.get(key)));
        List<Input> files = new ArrayList<>();
        for (JsonNode one : cases) {
            files.add(file(one.path("file").asText()));
        }
        List<float[]> vectors = vectors(spec, files);
        for (int i = 0; i < cases.size(); i++) {
            String name = cases.get(i).path("file").asText();
            float[] expected = Golden.floats(cases.get(i).path(key));
            double cosine = Vectors.leastCosine(expected, vectors.get(i), expected.length);
            double least = name.endsWith(".jpg") ? LOSSY : LOSSLESS;
            assertTrue(name.equals(NOT_JUDGED) || cosine >= least, name + " " + key + " has the cosine " + cosine);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "vit, vit, mean, over all positions",
        "dinov2, dinov2, cls, the class token",
        "clip, clip, projection, compare with the vectors of texts",
        "siglip-vision, siglip, pooler, trained with"
    })
    void withoutAChoiceThePoolingIsWhatTheMakersTakeAndIsReported(
            String checkpoint, String processor, String pooling, String reason) {
        EmbedderSpec spec = describe(assemble("tiny/" + checkpoint, processor), Map.of("input", "image"));
        assertEquals(pooling, spec.setting("pooling"));
        assertTrue(spec.notes().stream().anyMatch(note -> note.contains(reason)), spec.notes()::toString);
    }

    @Test
    void aModelForImagesAloneTakesImagesWhereNothingIsSaid() {
        assertEquals(
                InputKind.IMAGE, describe(assemble("tiny/vit", "vit"), Map.of()).inputs());
        assertEquals(
                InputKind.TEXT,
                describe(assemble("tiny/clip", "clip"), Map.of()).inputs());
    }

    @Test
    void textsAndImagesAreRefusedByModelsThatDoNotTakeThem() {
        assertMisconfigured(
                () -> describe(assemble("tiny/vit", "vit"), Map.of("input", "text")),
                "Cannot embed texts with the model",
                "it takes images only. Change the key model, or set input to image.");
        assertMisconfigured(
                () -> describe(assemble("tiny/bert", "vit"), Map.of("input", "image")),
                "Cannot embed images with the model",
                "it takes texts only. Change the key model, or set input to text.");
        assertMisconfigured(
                () -> PLATFORM.describe(new EmbedderRequest(Optional.empty(), Map.of("input", "image"))),
                "Cannot embed images with the model sentence-transformers/all-MiniLM-L6-v2");
    }

    @Test
    void limitsAreInTheSpecAndNotInTheFingerprint() throws IOException {
        Path folder = assemble("tiny/vit", "vit");
        EmbedderSpec limited = describe(folder, Map.of("images.max-bytes", "100", "images.max-pixels", "10"));
        assertEquals(describe(folder, Map.of()).fingerprint(), limited.fingerprint());
        try (TokenCounter counter = PLATFORM.counter(limited)) {
            Input image = file("rgb.png");
            EmbedlakeException refused = assertThrows(EmbedlakeException.class, () -> counter.encode(image));
            assertEquals(ErrorKind.INVALID_INPUT, refused.kind());
        }
    }

    @Test
    void anotherProcessorIsAnotherFingerprint() {
        assertNotEquals(
                describe(assemble("tiny/vit", "vit"), Map.of()).fingerprint(),
                describe(assemble("tiny/vit", "siglip"), Map.of()).fingerprint());
    }

    @Test
    void aKnownFamilyWithoutAProcessorGetsThatOfItsFamily() throws IOException {
        Path folder = assemble("tiny/vit", "vit");
        Files.delete(folder.resolve("preprocessor_config.json"));
        EmbedderSpec spec = describe(folder, Map.of());
        assertTrue(
                spec.notes().stream().anyMatch(note -> note.contains("no preprocessor_config.json")),
                spec.notes()::toString);
        assertEquals(1, vectors(spec, List.of(file("rgb.png"))).size());
    }

    @Test
    void aProcessorThatDoesNotFitTheNetworkIsRefused() throws IOException {
        Path folder = assemble("tiny/vit", "vit");
        Files.writeString(
                folder.resolve("preprocessor_config.json"),
                "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": {\"height\": 48, \"width\": 48}}");
        assertMisconfigured(
                () -> describe(folder, Map.of()),
                "its image processor makes images of 48 x 48, and its network takes those of 32 x 32");
    }

    @ParameterizedTest
    @CsvSource({
        "pooling, lasttoken, the pooling lasttoken is not for images",
        "pooling, weightedmean, the pooling weightedmean is not for images",
        "prompt, query: , prompt is for texts",
        "max-tokens, 12, max-tokens is for texts",
        "long-text, split-rows, long-text is for texts"
    })
    void whatSpeaksOfTextsIsRefused(String option, String value, String message) {
        assertMisconfigured(() -> describe(assemble("tiny/vit", "vit"), Map.of(option, value)), message);
    }

    @Test
    void theClassTokenIsRefusedWhereThereIsNone() {
        assertMisconfigured(
                () -> describe(assemble("tiny/siglip-vision", "siglip"), Map.of("pooling", "cls")),
                "the pooling cls needs a class token, and its network has none");
        assertMisconfigured(
                () -> describe(assemble("tiny/bert", "vit"), Map.of("pooling", "patch-mean")),
                "the pooling patch-mean is not for texts");
    }

    @Test
    void everyPatchHasAVectorWhenGranularityIsToken() throws IOException {
        Path folder = assemble("tiny/vit", "vit");
        EmbedderSpec spec = describe(folder, Map.of("granularity", "token"));
        List<Input> images = List.of(file("rgb.png"), file("wide.png"));
        float[] mean = vectors(describe(folder, Map.of("pooling", "patch-mean")), images)
                .get(1);
        try (Embedder embedder = PLATFORM.load(spec, Device.CPU);
                EmbeddingSession session = embedder.open()) {
            List<EncodedInput> batch = images.stream().map(session::encode).toList();
            Spans spans = batch.get(1).spans().orElseThrow();
            assertEquals(16, spans.count());
            assertEquals(17, batch.get(1).tokens());
            assertEquals(
                    new Spans(
                            IntStream.range(0, 16).toArray(),
                            IntStream.range(1, 17).toArray()),
                    spans);
            float[] patches = session.embed(batch).get(1);
            float[] expected = new float[embedder.dimension()];
            for (int i = 0; i < patches.length; i++) {
                expected[i % expected.length] += patches[i] / 16;
            }
            assertArrayEquals(expected, mean, 1e-5f);
        }
    }

    @Test
    void aVectorDoesNotDependOnItsNeighboursOfOtherSizes() throws IOException {
        Path folder = assemble("tiny/dinov2", "dinov2");
        Files.writeString(
                folder.resolve("preprocessor_config.json"),
                "{\"image_processor_type\": \"BitImageProcessor\", \"size\": {\"shortest_edge\": 32}, \"do_center_crop\": false}");
        EmbedderSpec spec = describe(folder, Map.of());
        List<Input> images = List.of(file("wide.png"), file("rgb.png"), file("tall.png"), file("alpha.png"));
        List<float[]> together = vectors(spec, images);
        for (int i = 0; i < images.size(); i++) {
            assertArrayEquals(vectors(spec, List.of(images.get(i))).get(0), together.get(i), 1e-5f);
        }
    }

    @Test
    void theCounterCountsPositionsAndRefusesWhatCannotBeRead() throws IOException {
        EmbedderSpec spec = describe(assemble("tiny/clip", "clip"), Map.of("input", "image"));
        try (TokenCounter counter = PLATFORM.counter(spec)) {
            assertEquals(17, counter.encode(file("rgb.png")).tokens());
            for (String broken : List.of("cut.jpg", "cut.png", "empty.png", "bomb.png")) {
                Input image = file(broken);
                EmbedlakeException refused =
                        assertThrows(EmbedlakeException.class, () -> counter.encode(image), broken);
                assertEquals(ErrorKind.INVALID_INPUT, refused.kind());
            }
            Input text = Input.of("a red bicycle");
            assertEquals(
                    ErrorKind.INVALID_INPUT,
                    assertThrows(EmbedlakeException.class, () -> counter.encode(text))
                            .kind());
        }
    }

    @ParameterizedTest
    @CsvSource({"clip, clip", "siglip, siglip"})
    void aTextFindsImagesAndAnImageTextsThroughTheOtherTower(String checkpoint, String processor) throws IOException {
        Path folder = assemble("tiny/" + checkpoint, processor);
        if (checkpoint.equals("siglip")) {
            Files.writeString(folder.resolve("tokenizer.json"), WORDS);
        }
        EmbedderSpec images = describe(folder, Map.of("input", "image"));
        EmbedderSpec texts = describe(folder, Map.of("pooling", "projection"));
        EmbedderRequest request =
                new EmbedderRequest(Optional.of(folder.toString()), Map.of("input", "image", "precision", "fp32"));
        EmbedderSpec query = PLATFORM.forQueries(request, images, InputKind.TEXT);
        assertEquals(texts.fingerprint(), query.fingerprint());
        assertEquals(images, PLATFORM.forQueries(request, images, InputKind.IMAGE));
        EmbedderRequest ofTexts = new EmbedderRequest(
                Optional.of(folder.toString()), Map.of("pooling", "projection", "precision", "fp32"));
        assertEquals(
                images.fingerprint(),
                PLATFORM.forQueries(ofTexts, texts, InputKind.IMAGE).fingerprint());
        assertEquals(
                vectors(images, List.of(file("rgb.png"))).get(0).length,
                vectors(query, List.of(Input.of("a red bicycle"))).get(0).length);
    }

    @ParameterizedTest
    @CsvSource({
        "map, mean, the mean of the last layer",
        "states-of-one, mean, the mean of the last layer",
        "logits, projection, are scores of classes"
    })
    void anOnnxNetworkGivesItsVectors(String network, String pooling, String note) throws IOException {
        Path folder = onnx(network);
        EmbedderSpec spec = describe(folder, Map.of("input", "image"));
        assertEquals(pooling, spec.setting("pooling"));
        assertTrue(spec.notes().stream().anyMatch(one -> one.contains(note)), spec.notes()::toString);
        JsonNode expected = Golden.json(folder.resolve("cases.json"));
        List<String> names = List.of("rgb.png", "alpha.png", "gray.png");
        List<Input> files = new ArrayList<>();
        for (String name : names) {
            files.add(file(name));
        }
        List<float[]> vectors = vectors(spec, files);
        for (int i = 0; i < names.size(); i++) {
            assertArrayEquals(Golden.floats(expected.path(names.get(i))), vectors.get(i), 1e-4f, names.get(i));
        }
    }

    @Test
    void anOnnxNetworkIsRefusedByNameWhereItDoesNotFit() throws IOException {
        assertMisconfigured(
                () -> describe(onnx("two-inputs"), Map.of("input", "image")),
                "its network has the inputs [pixel_values [-1, 3, 32, 32], ids [-1, 4]], and one of floats");
        assertMisconfigured(
                () -> describe(onnx("map"), Map.of("input", "image", "pooling", "cls")),
                "and none is for the pooling cls");
        assertMisconfigured(
                () -> describe(onnx("map"), Map.of("input", "image", "granularity", "token")),
                "an ONNX network's patches are not known");
        Path folder = onnx("map");
        Files.delete(folder.resolve("preprocessor_config.json"));
        assertMisconfigured(() -> describe(folder, Map.of("input", "image")), "it has no preprocessor_config.json");
    }

    private Path onnx(String network) {
        return assemble("images/onnx/" + network, "vit");
    }

    @Test
    void siglipReadsTextsInLowerCaseAndWithoutPunctuation() throws IOException {
        Path folder = assemble("tiny/siglip", "siglip");
        Files.writeString(folder.resolve("tokenizer.json"), WORDS);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"SiglipTokenizer\"}");
        EmbedderSpec spec = describe(folder, Map.of("pooling", "projection"));
        try (TokenCounter counter = PLATFORM.counter(spec)) {
            assertEquals(4, counter.encode("a red bicycle").tokens());
        }
        List<float[]> vectors = vectors(
                spec, List.of(Input.of("a red bicycle"), Input.of("  A RED,\n 'bicycle'!"), Input.of("a bicycle")));
        assertArrayEquals(vectors.get(0), vectors.get(1), 1e-6f);
        assertNotEquals(vectors.get(0)[0], vectors.get(2)[0], 1e-3f);
    }

    @Test
    void theOrderOfImagesForATextIsThatOfTheReference() throws IOException {
        JsonNode cases =
                Golden.json(Golden.folder("images").resolve("models/clip.json")).path("cases");
        JsonNode text = Golden.json(Golden.folder("tiny").resolve("clip/cases.json"))
                .path("text_cases")
                .get(0);
        Path folder = assemble("tiny/clip", "clip");
        EmbedderSpec column = describe(folder, Map.of("input", "image"));
        EmbedderSpec query = PLATFORM.forQueries(
                new EmbedderRequest(Optional.of(folder.toString()), Map.of("precision", "fp32")),
                column,
                InputKind.TEXT);
        List<JsonNode> lossless = new ArrayList<>();
        List<Input> files = new ArrayList<>();
        for (JsonNode one : cases) {
            String name = one.path("file").asText();
            if (!name.endsWith(".jpg") && !name.equals(NOT_JUDGED)) {
                lossless.add(one);
                files.add(file(name));
            }
        }
        float[] expectedQuery = Golden.floats(text.path("text_embeds"));
        float[] actualQuery =
                vectors(query, List.of(Input.of(text.path("text").asText()))).get(0);
        List<float[]> vectors = vectors(column, files);
        List<float[]> expected = lossless.stream()
                .map(one -> Golden.floats(one.path("image_embeds")))
                .toList();
        assertEquals(order(expectedQuery, expected), order(actualQuery, vectors));
    }

    private static List<Integer> order(float[] query, List<float[]> vectors) {
        return IntStream.range(0, vectors.size())
                .boxed()
                .sorted(Comparator.comparing(
                        i -> -Math.round(1e4 * Vectors.leastCosine(query, vectors.get(i), query.length))))
                .toList();
    }

    @Test
    void otherSpacesAreRefused() {
        EmbedderRequest request = new EmbedderRequest(Optional.empty(), Map.of("precision", "fp32"));
        EmbedderSpec vit = describe(assemble("tiny/vit", "vit"), Map.of());
        assertMisconfigured(
                () -> PLATFORM.forQueries(request, vit, InputKind.TEXT),
                "Cannot search with a text",
                "the model takes images only");
        EmbedderSpec mean = describe(assemble("tiny/clip", "clip"), Map.of("input", "image", "pooling", "mean"));
        assertMisconfigured(
                () -> PLATFORM.forQueries(request, mean, InputKind.TEXT),
                "compared with pooling projection, and the column has pooling mean");
    }

    @Test
    void clipAsSentenceTransformersSavesItHasItsProjection() throws IOException {
        Path folder = assemble("tiny/clip", "clip");
        EmbedderSpec plain = describe(folder, Map.of("input", "image", "pooling", "projection"));
        Files.writeString(
                folder.resolve("modules.json"),
                "[{\"idx\": 0, \"name\": \"0\", \"path\": \"\", \"type\":"
                        + " \"sentence_transformers.base.modules.transformer.Transformer\"}]");
        Files.writeString(
                folder.resolve("sentence_bert_config.json"),
                "{\"transformer_task\": \"feature-extraction\", \"modality_config\": {\"text\": {\"method\":"
                        + " \"get_text_features\", \"method_output_name\": \"pooler_output\"}, \"image\": {\"method\":"
                        + " \"get_image_features\", \"method_output_name\": \"pooler_output\"}},"
                        + " \"module_output_name\": \"sentence_embedding\"}");
        assertEquals(
                plain.fingerprint(), describe(folder, Map.of("input", "image")).fingerprint());
        JsonNode processor = Golden.json(folder.resolve("preprocessor_config.json"));
        Files.delete(folder.resolve("preprocessor_config.json"));
        Files.writeString(folder.resolve("processor_config.json"), "{\"image_processor\": " + processor + "}");
        assertEquals(
                plain.fingerprint(), describe(folder, Map.of("input", "image")).fingerprint());

        Path old = Files.createDirectory(temporary.resolve("old"));
        Files.move(assemble("tiny/clip", "clip"), old.resolve("0_CLIPModel"));
        Files.writeString(
                old.resolve("modules.json"),
                "[{\"idx\": 0, \"name\": \"0\", \"path\": \"0_CLIPModel\", \"type\":"
                        + " \"sentence_transformers.models.CLIPModel\"}]");
        assertEquals(
                plain.fingerprint(), describe(old, Map.of("input", "image")).fingerprint());
        assertEquals("projection", describe(old, Map.of()).setting("pooling"));
    }

    @Test
    void autoComparesPrecisionsOnImages() {
        EmbedderSpec open = PLATFORM.describe(
                new EmbedderRequest(Optional.of(assemble("tiny/vit", "vit").toString()), Map.of()));
        EmbedderSpec settled = PLATFORM.settle(open, PLATFORM.choices(open), Device.CPU);
        assertFalse(settled.setting("precision").equals("auto"));
        assertTrue(settled.notes().stream().anyMatch(note -> note.contains("probe image")), settled.notes()::toString);
    }

    @Test
    void probeImagesAreNotMeantByTheLimits() {
        EmbedderSpec open = PLATFORM.describe(new EmbedderRequest(
                Optional.of(assemble("tiny/vit", "vit").toString()),
                Map.of("images.max-bytes", "1000", "images.max-pixels", "10")));
        EmbedderSpec settled = PLATFORM.settle(open, PLATFORM.choices(open), Device.CPU);
        try (Embedder embedder = PLATFORM.load(settled, Device.CPU)) {
            assertEquals(36, embedder.dimension());
        }
    }

    private Path assemble(String checkpoint, String processor) {
        try {
            Path folder = Files.createTempDirectory(temporary, "model");
            try (Stream<Path> files = Files.list(Golden.folder(checkpoint))) {
                for (Path file : files.toList()) {
                    Files.copy(file, folder.resolve(file.getFileName()));
                }
            }
            Files.copy(
                    Golden.folder("images")
                            .resolve("processors")
                            .resolve(processor)
                            .resolve("preprocessor_config.json"),
                    folder.resolve("preprocessor_config.json"),
                    StandardCopyOption.REPLACE_EXISTING);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Input file(String name) throws IOException {
        return Input.of(
                Files.readAllBytes(Golden.folder("images").resolve("files").resolve(name)));
    }

    private static EmbedderSpec describe(Path folder, Map<String, String> options) {
        Map<String, String> exact = new TreeMap<>(options);
        exact.put("precision", "fp32");
        return PLATFORM.describe(new EmbedderRequest(Optional.of(folder.toString()), exact));
    }

    private static List<float[]> vectors(EmbedderSpec spec, List<Input> inputs) {
        try (Embedder embedder = PLATFORM.load(spec, Device.CPU);
                EmbeddingSession session = embedder.open()) {
            assertEquals(spec.inputs(), embedder.inputs());
            return session.embed(inputs.stream().map(session::encode).toList());
        }
    }
}
