package io.embedlake.remote.format;

import java.util.Map;
import java.util.Objects;

/**
 * A request for the vectors of some texts, without the secret that will sign it. Immutable by convention: its body is not modified.
 *
 * @param path what follows the endpoint's base URL, query included; begins with a slash unless it is empty
 * @param headers what the format asks for beyond content type and authorisation
 * @param body JSON in UTF-8
 */
public record Call(String path, Map<String, String> headers, byte[] body) {
    public Call {
        Objects.requireNonNull(path);
        headers = Map.copyOf(headers);
        Objects.requireNonNull(body);
    }

    /** The parts of it that may be logged: never the body. */
    @Override
    public String toString() {
        return "POST " + path + " (" + body.length + " bytes)";
    }
}
