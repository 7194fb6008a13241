package io.embedlake.remote.auth;

import java.util.Map;

/** No credentials, for servers that need none. Immutable. */
public record Anonymous() implements Credentials {
    @Override
    public Map<String, String> headers(Outgoing request) {
        return Map.of();
    }
}
