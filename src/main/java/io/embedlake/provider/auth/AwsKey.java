package io.embedlake.provider.auth;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What Amazon identifies a caller by. Immutable; prints no secret.
 *
 * @param id the id of the key
 * @param secret the key
 * @param sessionToken what comes with the key of a role
 * @param expiresAt from when on it is refused, where that is known
 */
public record AwsKey(String id, String secret, Optional<String> sessionToken, Optional<Instant> expiresAt) {
    private static final String IN_HEADERS = "the signature";

    public AwsKey {
        id = HeaderKey.checked(IN_HEADERS, id);
        secret = HeaderKey.checked(IN_HEADERS, secret);
        sessionToken = sessionToken.map(token -> HeaderKey.checked(IN_HEADERS, token));
        Objects.requireNonNull(expiresAt);
    }

    @Override
    public String toString() {
        return "key of AWS" + expiresAt.map(end -> " until " + end).orElse("");
    }
}
