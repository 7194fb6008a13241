package io.embedlake.fake.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.service.Encoding;
import io.embedlake.fake.service.Item;
import java.time.Duration;
import java.util.List;

/** What OpenAI's API and those modelled on it have in common. Stateless. */
public final class EmbeddingList {
    private EmbeddingList() {}

    /** {@code {"object": "list", "data": [...], "model": ...}}. */
    public static ObjectNode of(List<Item> items, String model) {
        ObjectNode list = Json.object();
        list.put("object", "list");
        list.set("data", data(items));
        return list.put("model", model);
    }

    private static ArrayNode data(List<Item> items) {
        ArrayNode data = Json.array();
        for (Item item : items) {
            ObjectNode embedding = data.addObject();
            embedding.put("object", "embedding");
            embedding.set("embedding", item.values());
            item.index().ifPresent(index -> embedding.put("index", index));
        }
        return data;
    }

    /** The encoding that {@code encoding_format} names; floats where it names none. */
    public static Encoding encoding(JsonNode body) {
        return body.path("encoding_format").asText().equals("base64") ? Encoding.BASE64 : Encoding.FLOATS;
    }

    /** How Go writes a time: {@code 12ms}, {@code 1.5s}, {@code 6m0s}. */
    public static String goDuration(Duration time) {
        if (time.isZero()) {
            return "0s";
        }
        if (time.toMillis() < 1000) {
            return Math.max(1, time.toMillis()) + "ms";
        }
        String hours = time.toHours() == 0 ? "" : time.toHours() + "h";
        String minutes = time.toMinutes() == 0 ? "" : time.toMinutesPart() + "m";
        long millis = time.toMillis() % 60_000;
        return hours + minutes + (millis % 1000 == 0 ? Long.toString(millis / 1000) : Double.toString(millis / 1000.0))
                + "s";
    }
}
