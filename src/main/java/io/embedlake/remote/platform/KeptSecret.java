package io.embedlake.remote.platform;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.SecretReference;
import java.nio.file.Files;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The secret that a job refers to. A variable or a file is read for each call, so that a file's new content is used; costlier sources are
 * read once, on the constructing thread. Thread-safe; prints no secret.
 */
final class KeptSecret implements Supplier<String> {
    private final SecretReference reference;
    private final String platform;
    private final String key;
    private final Map<String, String> environment;
    private final Optional<String> remembered;

    /**
     * A secret.
     *
     * @param platform whose
     * @param key the key of the job that refers to it
     */
    KeptSecret(SecretReference reference, String platform, String key, Map<String, String> environment) {
        this.reference = Objects.requireNonNull(reference);
        this.platform = Objects.requireNonNull(platform);
        this.key = Objects.requireNonNull(key);
        this.environment = Objects.requireNonNull(environment);
        this.remembered = reference.store().isCheap() ? Optional.empty() : Optional.of(lookedUp());
    }

    @Override
    public String get() {
        return remembered.orElseGet(this::lookedUp);
    }

    private String lookedUp() {
        try {
            return reference.resolve(environment, Files::readString);
        } catch (EmbedlakeException e) {
            throw new EmbedlakeException(
                    e.kind(), e.getMessage() + " With " + platform + " it is " + key + " that refers to it.", e);
        }
    }

    @Override
    public String toString() {
        return reference.toString();
    }
}
