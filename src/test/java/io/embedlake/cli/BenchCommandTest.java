package io.embedlake.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.local.weights.Checkpoint;
import io.embedlake.local.weights.ElementType;
import io.embedlake.local.weights.Tensor;
import io.embedlake.local.weights.Weights;
import io.embedlake.testing.TinyImageModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return Main.run(Map.of(), new PrintStream(out), new PrintStream(err), arguments);
    }

    private String error() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String texts() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            lines.append("{\"id\": ")
                    .append(i)
                    .append(", \"text\": \"")
                    .append("some words ".repeat(1 + i % 7))
                    .append("\"}\n");
        }
        return Files.writeString(folder.resolve("texts.jsonl"), lines + "{\"text\": \" \"}\n")
                .toString();
    }

    @Test
    void printsOneObjectWithSpeedPaddingAndFidelity() throws IOException {
        assertEquals(0, run("bench", "--texts", texts(), "--rows", "30", "--output", "json"), error());
        JsonNode figures = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
        assertEquals(30, figures.path("texts").asInt());
        assertTrue(figures.path("tokens").asLong() > 30 * 4);
        assertTrue(figures.path("seconds").asDouble() > 0);
        assertTrue(figures.path("texts_per_s").asDouble() > 0
                && figures.path("tokens_per_s").asDouble() > 0);
        assertTrue(figures.path("padding").asDouble() >= 0
                && figures.path("padding").asDouble() < 0.9);
        assertTrue(figures.path("mean_cosine").asDouble()
                >= figures.path("min_cosine").asDouble());
        assertTrue(figures.path("min_cosine").asDouble() >= 0.999);
        assertTrue(figures.path("precision").asText().matches("fp32|bf16"), figures.toString());
    }

    /** What gpu.py needs: it was run with the same file, on a processor and with PyTorch. */
    @Test
    void exportsAProgramItsWeightsInHalfPrecisionAndTheTextsTokens() throws IOException {
        Path file = folder.resolve("minilm.zip");
        assertEquals(0, run("bench", "--texts", texts(), "--export", file.toString()), error());
        assertTrue(Files.size(file) < 60_000_000, Files.size(file) + " bytes");
        Map<String, byte[]> parts = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                parts.put(entry.getName(), zip.readAllBytes());
            }
        }
        JsonNode about = new ObjectMapper().readTree(parts.get("export.json"));
        assertEquals("fp16", about.path("precision").asText());
        assertEquals("cuda:0", about.path("device").asText());
        assertEquals(40, about.path("texts").asInt());
        assertEquals(
                40,
                new String(parts.get("texts.jsonl"), StandardCharsets.UTF_8)
                        .lines()
                        .count());
        Weights encoded = weights(parts.get("texts.safetensors"));
        assertEquals(about.path("tokens").asLong(), encoded.tensor("ids").shape()[0]);
        assertArrayEquals(new long[] {40, 384}, encoded.tensor("expected").shape());
        Weights weights = weights(parts.get("weights.safetensors"));
        assertTrue(weights.names().size() > 80, weights.names().toString());
        weights.names().forEach(name -> {
            Tensor weight = weights.tensor(name);
            assertEquals(weight.shape().length > 1 ? ElementType.F16 : ElementType.F32, weight.type(), name);
        });
        assertTrue(parts.containsKey("program.pt"));
    }

    private Weights weights(byte[] content) throws IOException {
        Path checkpoint = Files.createTempDirectory(folder, "checkpoint");
        Files.write(checkpoint.resolve("model.safetensors"), content);
        return Checkpoint.open(checkpoint);
    }

    @Test
    void onlyNetworksOfTextsAreExported() throws IOException {
        String file = folder.resolve("model.zip").toString();
        assertEquals(2, run("bench", "--images", folder.toString(), "--model", "x", "--export", file));
        assertTrue(error().contains("Cannot export: --images is given"), error());
        assertEquals(2, run("bench", "--texts", texts(), "--export", file, "--device", "tpu"));
        assertTrue(error().contains("Cannot export: --device is tpu (cpu or gpu)"), error());
        assertEquals(
                5,
                run(
                        "bench",
                        "--texts",
                        texts(),
                        "--export",
                        folder.resolve("no/folder").toString()));
        assertTrue(error().contains("Cannot write the file "), error());
    }

    @Test
    void aPrecisionThatIsAskedForIsTaken() throws IOException {
        assertEquals(0, run("bench", "--texts", texts(), "--precision", "fp32", "--output", "json"), error());
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("\"precision\":\"fp32\""), out.toString());
    }

    @Test
    void saysWhatBatchesItTook() throws IOException {
        for (String asked : List.of("128", "auto")) {
            out.reset();
            assertEquals(
                    0,
                    run(
                            "bench",
                            "--texts",
                            texts(),
                            "--precision",
                            "fp32",
                            "--batch-tokens",
                            asked,
                            "--output",
                            "json"),
                    error());
            JsonNode taken = new ObjectMapper()
                    .readTree(out.toString(StandardCharsets.UTF_8))
                    .path("batch_tokens");
            assertTrue(taken.isInt(), taken.toString());
            assertTrue(asked.equals("auto") ? taken.asInt() >= 256 : taken.asInt() == 128, taken.toString());
        }
        assertEquals(2, run("bench", "--texts", texts(), "--batch-tokens", "many"));
        assertEquals(
                "Cannot measure: --batch-tokens is many (a whole number from 1 on, or auto). Correct it.",
                error().strip());
    }

    @Test
    void measuresTheImagesOfAFolder() throws IOException {
        Path images = Files.createDirectory(folder.resolve("images"));
        Path below = Files.createDirectory(images.resolve("below"));
        for (String name : List.of("rgb.png", "q90-420.jpg", "wide.png", "lossless.webp")) {
            Files.copy(TinyImageModels.file(name), below.resolve(name));
        }
        Files.copy(TinyImageModels.file("cut.jpg"), images.resolve("cut.JPG"));
        Files.writeString(images.resolve("notes.txt"), "no image");
        String model = TinyImageModels.make(folder, "clip").toString();
        assertEquals(0, run("bench", "--images", images.toString(), "--model", model, "--output", "json"), error());
        JsonNode figures = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
        assertEquals(5, figures.path("images").asInt());
        assertEquals(1, figures.path("refused").asInt());
        assertEquals(4 * 17, figures.path("patches").asInt(), "the class token and 16 patches of each");
        for (String name :
                List.of("seconds", "images_per_s", "patches_per_s", "megabytes_per_s", "prepare_ms", "compute_ms")) {
            assertTrue(figures.path(name).asDouble() > 0, name + ": " + figures);
        }
        double share = figures.path("prepare_share").asDouble();
        assertTrue(share > 0 && share < 1, figures.toString());
        assertTrue(figures.path("min_cosine").asDouble() > 0.99, figures.toString());
        assertTrue(
                figures.path("texts").isMissingNode() && figures.path("padding").isMissingNode());
    }

    @Test
    void saysWhatIsWrongWithTheImages() throws IOException {
        String empty = Files.createDirectory(folder.resolve("empty")).toString();
        String model = TinyImageModels.make(folder, "vit").toString();
        assertEquals(2, run("bench", "--images", empty, "--model", model));
        assertEquals(2, run("bench", "--images", folder.resolve("missing").toString(), "--model", model));
        assertEquals(2, run("bench", "--images", empty));
        assertEquals(2, run("bench", "--images", empty, "--texts", texts(), "--model", model));
        List<String> errors = error().lines().toList();
        assertEquals(4, errors.size(), error());
        assertTrue(errors.get(0).startsWith("Cannot measure with the images in "), error());
        assertTrue(errors.get(1).startsWith("Cannot read the images in "), error());
        assertTrue(errors.get(2).startsWith("Cannot measure images: --model is not given"), error());
        assertTrue(errors.get(3).startsWith("Cannot measure: --texts and --images are given"), error());
    }

    @Test
    void saysWhatIsWrongWithTheTexts() throws IOException {
        assertEquals(2, run("bench", "--texts", folder.resolve("missing").toString()));
        assertTrue(
                error().startsWith("Cannot read the texts " + folder.resolve("missing") + " (it is not there,"),
                error());
        Path blank = Files.writeString(folder.resolve("blank.jsonl"), "{\"text\": \"  \"}\n");
        assertEquals(2, run("bench", "--texts", blank.toString()));
        assertTrue(error().contains("no line has a field text that is not blank"), error());
        assertEquals(2, run("bench", "--texts", texts(), "--rows", "0"));
        assertEquals(2, run("bench", "--texts", texts(), "--precision", "int4"));
        assertEquals(4, error().lines().count(), error());
    }
}
