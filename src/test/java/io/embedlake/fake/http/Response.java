package io.embedlake.fake.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What is sent back. Immutable by agreement: nobody writes into its body.
 *
 * @param headers content type included
 */
public record Response(int status, Map<String, String> headers, byte[] body) {
    private static final String CONTENT_TYPE = "Content-Type";

    public Response {
        headers = Map.copyOf(headers);
        Objects.requireNonNull(body);
    }

    /** A body of JSON. */
    public static Response json(int status, JsonNode body) {
        return new Response(status, Map.of(CONTENT_TYPE, "application/json"), Json.bytes(body));
    }

    /** A body of text without JSON. */
    public static Response text(int status, String body) {
        return new Response(
                status, Map.of(CONTENT_TYPE, "text/plain; charset=utf-8"), body.getBytes(StandardCharsets.UTF_8));
    }

    /** What a proxy shows to people. */
    public static Response page(int status, String title) {
        String page = "<html>\r\n<head><title>" + status + " " + title + "</title></head>\r\n<body>\r\n<center><h1>"
                + status + " " + title + "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
        return new Response(status, Map.of(CONTENT_TYPE, "text/html"), page.getBytes(StandardCharsets.UTF_8));
    }

    /** No body. */
    public static Response empty(int status) {
        return new Response(status, Map.of(), new byte[0]);
    }

    /** The same with one more header. */
    public Response with(String name, Object value) {
        return with(Map.of(name, value.toString()));
    }

    /** The same with more headers. */
    public Response with(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(headers);
        all.putAll(more);
        return new Response(status, all, body);
    }

    /** The same with another status. */
    public Response withStatus(int other) {
        return new Response(other, headers, body);
    }
}
