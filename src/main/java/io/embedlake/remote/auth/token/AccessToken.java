package io.embedlake.remote.auth.token;

import java.time.Instant;
import java.util.Objects;

/**
 * What lets its bearer in for a while. Immutable; does not print what it holds.
 *
 * @param value what is sent
 * @param expiresAt from when on it is refused
 */
public record AccessToken(String value, Instant expiresAt) {
    public AccessToken {
        Objects.requireNonNull(value);
        Objects.requireNonNull(expiresAt);
    }

    @Override
    public String toString() {
        return "token until " + expiresAt;
    }
}
