package io.embedlake.fake.http;

import io.embedlake.fake.settings.Fault;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request as it arrived, decompressed, with the fault that it will meet. Immutable by agreement: nobody writes into its body.
 *
 * @param target path and query as they were sent
 * @param headers by name in lower case; several values are joined by commas
 */
public record Request(String method, URI target, Map<String, String> headers, byte[] body, Optional<Fault> fault) {
    public Request {
        Objects.requireNonNull(method);
        Objects.requireNonNull(target);
        headers = Map.copyOf(headers);
        Objects.requireNonNull(body);
        Objects.requireNonNull(fault);
    }

    /** The decoded path. */
    public String path() {
        return target.getPath();
    }

    /** The value of a header, by its name in lower case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The decoded parameters of the query. */
    public Map<String, String> query() {
        Map<String, String> parameters = new TreeMap<>();
        String query = target.getRawQuery();
        if (query != null && !query.isEmpty()) {
            for (String pair : query.split("&")) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                parameters.put(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    /** Whether it will meet this fault. */
    public boolean meets(Fault one) {
        return fault.filter(one::equals).isPresent();
    }

    /** The same request with another body and no fault: what a batch job is made of. */
    public Request withBody(byte[] other) {
        return new Request("POST", target, headers, other, Optional.empty());
    }

    /** The same request with this fault. */
    public Request meeting(Optional<Fault> drawn) {
        return new Request(method, target, headers, body, drawn);
    }

    /** What of it may stand in a log: neither its body nor its key. */
    @Override
    public String toString() {
        return method + " " + path() + " (" + body.length + " bytes)";
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
