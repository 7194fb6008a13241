package io.embedlake.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * A hundred texts with what sentence-transformers 6.0.1 on torch 2.13.0 makes of them with all-MiniLM-L6-v2. Immutable by
 * agreement.
 *
 * @param text the text
 * @param vector its vector
 * @param tokens how many ids it has, special ones included, after it was cut to 256
 * @param idsCrc32 the CRC-32 of the ids as little-endian int32
 */
record GoldenText(String text, float[] vector, int tokens, long idsCrc32) {
    static final List<GoldenText> ALL = read("/golden/all-minilm-l6-v2.jsonl");
    static final List<String> TEXTS = ALL.stream().map(GoldenText::text).toList();

    /** The texts of a resource. */
    static List<GoldenText> read(String resource) {
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(GoldenText.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> {
                        try {
                            return parse(json.readTree(line));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GoldenText parse(JsonNode row) {
        byte[] bytes = Base64.getDecoder().decode(row.path("vector_b64").asText());
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return new GoldenText(
                row.path("text").asText(),
                vector,
                row.path("tokens").asInt(),
                row.path("ids_crc32").asLong());
    }
}
