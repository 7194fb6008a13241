package io.embedlake.spark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.testing.TinyImageModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the reference makes of the golden images with the models of {@link TinyImageModels}. Stateless. */
public final class ImageModels {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    /** Pillow cuts 16 bits of gray to 8 where others scale. */
    private static final String NOT_JUDGED = "gray16.png";

    private ImageModels() {}

    /** The first golden files that can be embedded. */
    static List<byte[]> files(int count) {
        return vectors("clip", "mean").keySet().stream()
                .limit(count)
                .map(ImageModels::file)
                .toList();
    }

    /** A golden file. */
    public static byte[] file(String name) {
        try {
            return Files.readAllBytes(TinyImageModels.file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The vectors that the reference makes of the golden files, by their names. */
    public static Map<String, float[]> vectors(String model, String key) {
        Map<String, float[]> vectors = new TreeMap<>();
        json("images/models/" + model + ".json")
                .get("cases")
                .forEach(image -> vectors.put(image.get("file").asText(), floats(image.get(key))));
        vectors.remove(NOT_JUDGED);
        return vectors;
    }

    /** The vectors that the reference makes of texts. */
    public static Map<String, float[]> texts(String checkpoint) {
        Map<String, float[]> vectors = new TreeMap<>();
        json("tiny/" + checkpoint + "/cases.json")
                .get("text_cases")
                .forEach(text -> vectors.put(text.get("text").asText(), floats(text.get("text_embeds"))));
        return vectors;
    }

    private static JsonNode json(String file) {
        try {
            return new ObjectMapper().readTree(GOLDEN.resolve(file).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static float[] floats(JsonNode numbers) {
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers.get(i).asDouble();
        }
        return floats;
    }
}
