package io.embedlake.remote.format;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a server answered. Immutable by convention: its body is not modified.
 *
 * @param status the HTTP status
 * @param headers by name in lower case, each with its values in order
 * @param body as it came, decompressed
 */
public record Reply(int status, Map<String, List<String>> headers, byte[] body) {
    public Reply {
        headers = Map.copyOf(headers);
        Objects.requireNonNull(body);
    }

    /** The first value of a header, by its name in lower case. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** The parts of it that may be logged: never the body, which may repeat texts. */
    @Override
    public String toString() {
        return "HTTP " + status + " (" + body.length + " bytes)";
    }
}
