package io.embedlake.provider.platform.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.provider.auth.AwsKey;
import io.embedlake.provider.wire.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** What a container or a machine answers when it is asked for the keys of its role. Stateless. */
final class RoleAnswer {
    private RoleAnswer() {}

    /** Asks for an answer. */
    interface Asking {
        String ask() throws IOException;
    }

    /**
     * The key in an answer.
     *
     * @param whose for a person: the container or the machine
     */
    static AwsKey key(String whose, Asking asking) {
        JsonNode answer;
        try {
            answer = Json.tree(asking.ask().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw refused(ErrorKind.TRANSIENT, whose, Objects.requireNonNullElse(e.getMessage(), "no answer"), e);
        }
        String id = answer.path("AccessKeyId").asText("");
        String secret = answer.path("SecretAccessKey").asText("");
        if (id.isEmpty() || secret.isEmpty()) {
            String code = answer.path("Code").asText("no key").replaceAll("[^A-Za-z0-9]", "");
            throw refused(ErrorKind.CONFIGURATION, whose, "it answers " + code, null);
        }
        return new AwsKey(
                id,
                secret,
                Optional.of(answer.path("Token").asText("")).filter(token -> !token.isEmpty()),
                expiry(answer.path("Expiration").asText("")));
    }

    private static Optional<Instant> expiry(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static EmbedlakeException refused(ErrorKind kind, String whose, String why, Exception cause) {
        return new EmbedlakeException(
                kind,
                "Cannot sign for AWS: " + whose + " gives out no keys of its role (" + why
                        + "). Check its role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
                cause);
    }
}
