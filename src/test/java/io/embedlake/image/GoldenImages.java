package io.embedlake.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Files of images, and what Pillow and transformers make of them. The folder is that of the system property {@code embedlake.golden},
 * else the one among the test resources.
 */
final class GoldenImages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode DECODED = json("decoded.json");

    private GoldenImages() {}

    static List<String> names() {
        List<String> names = new ArrayList<>();
        DECODED.fieldNames().forEachRemaining(names::add);
        return names;
    }

    static List<String> loadable() {
        return names().stream()
                .filter(name -> expected(name).get("expect").asText().equals("load"))
                .toList();
    }

    static JsonNode expected(String name) {
        return DECODED.get(name);
    }

    static byte[] file(String name) {
        return bytes("files/" + name);
    }

    /** Files of WebP, each beside its pixels. */
    static List<Path> webp() {
        try (Stream<Path> files = Files.list(folder().resolve("webp"))) {
            return files.filter(file -> file.toString().endsWith(".webp"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String path) {
        try {
            return JSON.readTree(bytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a processor makes of the files; compressed in the repository. */
    static JsonNode cases(String processor) {
        Path plain = folder().resolve("processors").resolve(processor).resolve("cases.json");
        if (Files.exists(plain)) {
            return json("processors/" + processor + "/cases.json");
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(Path.of(plain + ".gz")))) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> processors() {
        try (Stream<Path> folders = Files.list(folder().resolve("processors"))) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String path) {
        try {
            return Files.readAllBytes(folder().resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        return Path.of(System.getProperty("embedlake.golden", "src/test/resources/golden"))
                .resolve("images");
    }
}
