package io.embedlake.remote.auth.token;

import java.time.Instant;
import java.util.Objects;

/**
 * An access token with its expiry. Immutable; does not print what it holds.
 *
 * @param value what is sent
 * @param expiresAt when it expires
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
