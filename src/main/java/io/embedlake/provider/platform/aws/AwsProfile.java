package io.embedlake.provider.platform.aws;

import io.embedlake.embed.TextFiles;
import io.embedlake.provider.auth.AwsKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A profile in the file of credentials that Amazon's tools share; its keys are read anew each time, as tools replace them. Keys that a
 * profile gets from elsewhere, by logging in or by another role, are not known here. Immutable.
 *
 * @param file where
 * @param name of the profile
 * @param files reads
 */
record AwsProfile(Path file, String name, TextFiles files) {
    AwsProfile {
        Objects.requireNonNull(file);
        Objects.requireNonNull(name);
        Objects.requireNonNull(files);
    }

    /** The profile that the environment names, or the default one. */
    static AwsProfile of(Map<String, String> environment, TextFiles files, Path home) {
        String own = environment.getOrDefault("AWS_SHARED_CREDENTIALS_FILE", "");
        return new AwsProfile(
                own.isBlank() ? home.resolve(".aws").resolve("credentials") : Path.of(own),
                environment.getOrDefault("AWS_PROFILE", "default"),
                files);
    }

    /** The keys that it holds itself. */
    Optional<AwsKey> key() {
        Map<String, String> values = values();
        String id = values.getOrDefault("aws_access_key_id", "");
        String secret = values.getOrDefault("aws_secret_access_key", "");
        return id.isEmpty() || secret.isEmpty()
                ? Optional.empty()
                : Optional.of(new AwsKey(
                        id,
                        secret,
                        Optional.ofNullable(values.get("aws_session_token")).filter(token -> !token.isEmpty()),
                        Optional.empty()));
    }

    private Map<String, String> values() {
        String text;
        try {
            text = files.read(file);
        } catch (IOException e) {
            return Map.of();
        }
        Map<String, String> values = new HashMap<>();
        boolean isOurs = false;
        for (String line : text.lines().map(String::strip).toList()) {
            int equals = line.indexOf('=');
            if (line.startsWith("[") && line.endsWith("]")) {
                isOurs = line.substring(1, line.length() - 1).strip().equals(name);
            } else if (isOurs && equals > 0 && !line.startsWith("#")) {
                values.put(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip());
            }
        }
        return values;
    }

    @Override
    public String toString() {
        return "the profile " + name + " of " + file;
    }
}
