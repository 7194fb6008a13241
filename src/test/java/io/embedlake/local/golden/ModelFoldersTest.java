package io.embedlake.local.golden;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.embedlake.pipeline.BatchSize;
import io.embedlake.pipeline.EmbeddingPipeline;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * One small folder with a file changed, added or taken away at a time: it gives sentence-transformers' vectors or is refused by name,
 * and whatever changes a vector changes the fingerprint.
 */
class ModelFoldersTest {
    private static final Platform PLATFORM = Platforms.named("huggingface");
    private static final Path FOLDERS = Path.of("src/test/resources/golden/folders");
    private static final JsonNode CASES = Golden.json(FOLDERS.resolve("variants.json"));
    private static final float TOLERANCE = 1e-4f;

    @TempDir
    Path temporary;

    @TestFactory
    Stream<DynamicTest> aChangedFolderGivesTheVectorsOfSentenceTransformersOrIsRefusedByName() throws IOException {
        EmbedderSpec plain = describe(assemble("base", JsonNodeFactory.instance.objectNode()));
        JsonNode expected = CASES.path("variants").get(0).path("expected");
        return StreamSupport.stream(CASES.path("variants").spliterator(), false)
                .map(variant ->
                        DynamicTest.dynamicTest(variant.path("name").asText(), () -> check(variant, plain, expected)));
    }

    private void check(JsonNode variant, EmbedderSpec plain, JsonNode plainVectors) throws IOException {
        Path folder = assemble(variant.path("name").asText().replaceAll("[^a-z0-9_]", "-"), variant.path("files"));
        if (variant.has("refuse")) {
            assertMisconfigured(
                    () -> vectors(describe(folder)), variant.path("refuse").asText());
            return;
        }
        EmbedderSpec spec = describe(folder);
        JsonNode expected = variant.has("expected") ? variant.path("expected") : plainVectors;
        List<float[]> actual = vectors(spec);
        for (int i = 0; i < actual.size(); i++) {
            assertArrayEquals(Golden.floats(expected.get(i)), actual.get(i), TOLERANCE, "text " + i);
        }
        if (variant.path("same").asBoolean()) {
            assertEquals(plain.fingerprint(), spec.fingerprint());
        } else if (!variant.path("name").asText().equals("plain")) {
            assertNotEquals(plain.fingerprint(), spec.fingerprint());
        }
    }

    @Test
    void clipSavedByNewerVersionsHasItsProjection() throws IOException {
        Path model = copy(Golden.cases("tiny").stream()
                .filter(folder -> folder.endsWith("clip"))
                .findFirst()
                .orElseThrow());
        EmbedderSpec projected = describe(model, Map.of("pooling", "projection", "normalize", "false"));
        Files.writeString(
                model.resolve("modules.json"),
                "[{\"idx\": 0, \"name\": \"0\", \"path\": \"\", \"type\":"
                        + " \"sentence_transformers.base.modules.transformer.Transformer\"}]");
        Files.writeString(
                model.resolve("sentence_bert_config.json"),
                "{\"transformer_task\": \"feature-extraction\", \"modality_config\": {\"text\": {\"method\":"
                        + " \"get_text_features\", \"method_output_name\": \"pooler_output\"}, \"image\": {\"method\":"
                        + " \"get_image_features\", \"method_output_name\": \"pooler_output\"}},"
                        + " \"module_output_name\": \"sentence_embedding\"}");
        EmbedderSpec saved = describe(model);
        assertEquals(projected.fingerprint(), saved.fingerprint());
        assertEquals(List.of(), saved.notes());
    }

    @Test
    void theWordEmbeddingsMayHaveTheNameOfTheHeadThatSharesThem() throws IOException {
        Path whole = FOLDERS.resolve("base/model.safetensors");
        Path model = assemble("tied", JsonNodeFactory.instance.objectNode());
        List<float[]> expected = vectors(describe(model));
        rename(whole, model, "\"embeddings.word_embeddings.weight\"", "\"cls.predictions.decoder.weight\"");
        List<float[]> actual = vectors(describe(model));
        for (int i = 0; i < actual.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), TOLERANCE);
        }
        Path config = model.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config).replace("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false"));
        assertMisconfigured(() -> vectors(describe(model)), "the tensor embeddings.word_embeddings.weight is missing");
    }

    @Test
    void wholeNumbersAndPartsOfWeightsAreRefusedByName() throws IOException {
        Path whole = FOLDERS.resolve("base/model.safetensors");
        Path model = assemble("quantized", JsonNodeFactory.instance.objectNode());
        for (String end : List.of("SCB", "lora_A.default.weight", "qweight", "absmax")) {
            rename(
                    whole,
                    model,
                    "\"encoder.layer.0.attention.self.query.bias\"",
                    "\"encoder.layer.0.attention.self.query." + end + "\"");
            assertMisconfigured(() -> vectors(describe(model)), "query." + end, "not supported");
        }
        rename(whole, model, "\"dtype\":\"F32\"", "\"dtype\":\"I32\"");
        assertMisconfigured(() -> vectors(describe(model)), "I32", "quantized weights are not supported");
    }

    @Test
    void textsOfAModelThatMakesZerosOrNoNumbersAreRejectedAndNotBroughtToLengthOne() throws IOException {
        Path model = assemble("broken", JsonNodeFactory.instance.objectNode());
        Map<Float, String> reasons = Map.of(0f, "a vector of zeros", Float.NaN, "a vector with the value NaN");
        for (Map.Entry<Float, String> broken : reasons.entrySet()) {
            fill(model.resolve("model.safetensors"), broken.getKey());
            for (String longText : List.of("truncate", "split-mean")) {
                EmbedderSpec spec =
                        describe(model, Map.of("normalize", "true", "max-tokens", "8", "long-text", longText));
                try (Embedder embedder = PLATFORM.load(spec, Device.CPU);
                        EmbeddingPipeline pipeline = new EmbeddingPipeline(embedder, BatchSize.of(64), 1)) {
                    List<Outcome> outcomes = new ArrayList<>();
                    pipeline.run(Stream.of("short", "a long text ".repeat(9))
                                    .map(text -> new EmbeddingPipeline.Item<>(text, text))
                                    .iterator())
                            .forEachRemaining(result -> outcomes.add(result.outcome()));
                    Outcome expected =
                            new Outcome.Refused(ErrorKind.PROTOCOL, "the model answered with " + broken.getValue());
                    assertEquals(List.of(expected, expected), outcomes);
                }
            }
        }
    }

    /** Makes all weights this number. */
    private static void fill(Path weights, float number) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(Long.BYTES + (int) bytes.getLong(0));
        while (bytes.hasRemaining()) {
            bytes.putFloat(number);
        }
        Files.write(weights, bytes.array());
    }

    /** Writes the weights with a part of their header replaced. */
    private static void rename(Path from, Path model, String old, String replacement) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(from)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) bytes.getLong()];
        bytes.get(header);
        byte[] changed = new String(header, StandardCharsets.UTF_8)
                .replace(old, replacement)
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + changed.length + bytes.remaining())
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(changed.length).put(changed).put(bytes);
        Files.write(model.resolve("model.safetensors"), file.array());
    }

    private Path assemble(String name, JsonNode changes) throws IOException {
        Path folder = copy(FOLDERS.resolve("base"), temporary.resolve(name));
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            Path file = folder.resolve(change.getKey());
            JsonNode content = change.getValue();
            if (content.isNull()) {
                Files.delete(file);
                boolean isEmpty = file.getParent().toFile().list().length == 0;
                if (isEmpty) {
                    Files.delete(file.getParent());
                }
            } else {
                Files.createDirectories(file.getParent());
                String text = content.isTextual() ? content.asText() : content.toString();
                if (text.startsWith("@")) {
                    Files.copy(FOLDERS.resolve(text.substring(1)), file, StandardCopyOption.REPLACE_EXISTING);
                } else {
                    Files.writeString(file, text);
                }
            }
        }
        return folder;
    }

    private Path copy(Path from) throws IOException {
        return copy(from, temporary.resolve(from.getFileName()));
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                Path target = to.resolve(from.relativize(file).toString());
                try {
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return to;
    }

    private static EmbedderSpec describe(Path folder) {
        return describe(folder, Map.of());
    }

    private static EmbedderSpec describe(Path folder, Map<String, String> options) {
        Map<String, String> exact = new java.util.TreeMap<>(options);
        exact.put("precision", "fp32");
        return PLATFORM.describe(new EmbedderRequest(Optional.of(folder.toString()), exact));
    }

    private static List<float[]> vectors(EmbedderSpec spec) {
        try (Embedder embedder = PLATFORM.load(spec, Device.CPU);
                EmbeddingSession session = embedder.open()) {
            return StreamSupport.stream(CASES.path("texts").spliterator(), false)
                    .map(text -> session.embed(List.of(session.encode(text.asText())))
                            .get(0))
                    .toList();
        }
    }
}
