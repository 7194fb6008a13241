package io.embedlake.remote.auth;

import java.net.URI;
import java.util.Map;
import java.util.Objects;

/**
 * A request as it will be sent, for who signs it. Immutable by agreement: nobody writes into its body.
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

    /** What of it may stand in a log. */
    @Override
    public String toString() {
        return method + " " + url.getHost() + url.getRawPath() + " (" + body.length + " bytes)";
    }
}
