package io.embedlake.remote.batch.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.remote.format.WireFormat;
import io.embedlake.remote.format.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes lines of files out of the requests of single calls. Stateless. */
final class RequestLine {
    private RequestLine() {}

    /** A body between two texts, which are ASCII. */
    static byte[] around(String before, byte[] body, String after) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(before.length() + body.length + after.length());
        line.writeBytes(before.getBytes(StandardCharsets.US_ASCII));
        line.writeBytes(body);
        line.writeBytes(after.getBytes(StandardCharsets.US_ASCII));
        return line.toByteArray();
    }

    /** A tree between two texts. */
    static byte[] around(String before, JsonNode body, String after) {
        return around(before, body.toString().getBytes(StandardCharsets.UTF_8), after);
    }

    /** The request of a single call with one text. */
    static ObjectNode request(WireFormat format, String text) {
        return (ObjectNode) Json.tree(format.call(List.of(text)).body());
    }
}
