package io.embedlake.local.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The golden fixtures: inputs and expected outputs of transformers and sentence-transformers. The folder is that of the system
 * property {@code embedlake.golden}, else the one among the test resources.
 */
final class Golden {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Golden() {}

    static Path folder(String part) {
        return Path.of(System.getProperty("embedlake.golden", "src/test/resources/golden"))
                .resolve(part);
    }

    /** The folders with cases below a part; none when there is no such part. */
    static List<Path> cases(String part) {
        if (!Files.isDirectory(folder(part))) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(folder(part))) {
            return folders.filter(folder -> Files.isRegularFile(folder.resolve("cases.json")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static float[] floats(JsonNode list) {
        float[] floats = new float[list.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) list.get(i).asDouble();
        }
        return floats;
    }

    static long[] longs(JsonNode list) {
        long[] longs = new long[list.size()];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = list.get(i).asLong();
        }
        return longs;
    }
}
