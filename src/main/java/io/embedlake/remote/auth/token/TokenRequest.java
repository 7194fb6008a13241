package io.embedlake.remote.auth.token;

import io.embedlake.remote.format.json.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A request to a token issuer. Immutable; does not print what it holds.
 *
 * @param method GET or POST
 * @param url where to
 * @param headers by name
 * @param type of the body; empty with GET
 * @param body may hold a secret
 * @param reach how far it goes
 */
public record TokenRequest(URI url, String method, Map<String, String> headers, String type, String body, Reach reach) {
    /** How far a request goes. Immutable. */
    public enum Reach {
        /** To a server: through a proxy, again where it may work later. */
        FAR,
        /** To the metadata service of this machine: never through a proxy, and soon given up. */
        NEAR
    }

    public TokenRequest {
        Objects.requireNonNull(url);
        Objects.requireNonNull(method);
        headers = Map.copyOf(headers);
        Objects.requireNonNull(type);
        Objects.requireNonNull(body);
        Objects.requireNonNull(reach);
    }

    /** A form to be posted. */
    static TokenRequest form(URI url, Map<String, String> headers, Map<String, String> fields) {
        String body = new TreeMap<>(fields)
                .entrySet().stream()
                        .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                        .collect(Collectors.joining("&"));
        return new TokenRequest(url, "POST", headers, "application/x-www-form-urlencoded", body, Reach.FAR);
    }

    /** JSON to be posted. */
    static TokenRequest json(URI url, Map<String, String> headers, Object content) {
        return new TokenRequest(url, "POST", headers, "application/json", Json.write(content), Reach.FAR);
    }

    /** A request to this machine's metadata service. */
    static TokenRequest metadata(URI url, Map<String, String> headers) {
        return new TokenRequest(url, "GET", headers, "", "", Reach.NEAR);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return method + " " + url.getHost() + url.getRawPath();
    }
}
