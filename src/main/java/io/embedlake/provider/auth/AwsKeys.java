package io.embedlake.provider.auth;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What Amazon identifies a caller by; the secrets are asked for at each call, because those of a role are replaced. Immutable.
 *
 * @param accessKeyId the id of the key
 * @param secretAccessKey the key
 * @param sessionToken what comes with a key that expires
 */
public record AwsKeys(
        Supplier<String> accessKeyId, Supplier<String> secretAccessKey, Optional<Supplier<String>> sessionToken) {
    public AwsKeys {
        Objects.requireNonNull(accessKeyId);
        Objects.requireNonNull(secretAccessKey);
        Objects.requireNonNull(sessionToken);
    }

    @Override
    public String toString() {
        return "keys of AWS" + (sessionToken.isPresent() ? " with a session token" : "");
    }
}
