package io.embedlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
