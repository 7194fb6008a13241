package io.embedlake.remote.auth;

import java.net.URI;
import java.util.Map;
import java.util.Objects;

/**
 * A request to be signed, as it will be sent. Immutable by convention: its body is not modified.
 *
 * @param method such as POST
 * @param url with its path percent-encoded as it goes over the wire
 * @param headers those to be signed, by name; that of the host is added
 * @param body as it will be sent
 */
public record Outgoing(String method, URI url, Map<String, String> headers, byte[] body) {
    public Outgoing {
        Objects.requireNonNull(method);
        headers = Map.copyOf(headers);
        Objects.requireNonNull(body);
        if (url.getHost() == null) {
            throw new IllegalArgumentException("a request goes to a host");
        }
    }

    /** The parts of it that may be logged. */
    @Override
    public String toString() {
        return method + " " + url.getHost() + url.getRawPath() + " (" + body.length + " bytes)";
    }
}
