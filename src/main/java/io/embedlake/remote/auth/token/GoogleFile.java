package io.embedlake.remote.auth.token;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.auth.token.TokenAnswer.Remedy;
import io.embedlake.remote.format.json.Json;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Credentials of Google Cloud in a file: of a service account, of a user of Google's command line, of a federated workload, or of one of
 * these impersonating a service account. Immutable; prints no secret.
 *
 * @param json what the file holds
 */
public record GoogleFile(JsonNode json) {
    static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

    private static final URI TOKENS = URI.create("https://oauth2.googleapis.com/token");
    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final List<Remedy> OF_USERS = List.of(
            Remedy.of(
                    "\\w",
                    "the login has ended or was withdrawn). Log in again with gcloud auth application-default login, or use a service account."));
    private static final List<Remedy> OF_WORKLOADS = List.of(
            Remedy.of(
                    "\\w",
                    "it does not trust the token of the workload). Check the pool, its provider and the file that credential_source names."));
    private static final List<Remedy> OF_IMPERSONATION = List.of(
            Remedy.of(
                    "\\w",
                    "nobody may act as this service account). Give the caller the role Service Account Token Creator, or change the account."));

    public GoogleFile {
        Objects.requireNonNull(json);
    }

    /** Reads a file; a file that is not JSON has no type, and is refused when a token is requested. */
    public static GoogleFile of(String text) {
        return new GoogleFile(Json.tree(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The project that is charged for calls, where the file names one. */
    public Optional<String> quotaProject() {
        return optional("quota_project_id");
    }

    /**
     * What gets tokens.
     *
     * @param files reads a file by its path; throws an {@link EmbedlakeException} where it cannot
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the file is of another type, lacks something, or sends secrets where
     *     they could be read
     */
    public TokenFetcher tokens(UnaryOperator<String> files, TokenHttp http, Clock clock) {
        String type = json.path("type").asText("");
        return switch (type) {
            case "service_account" -> ServiceAccount.of(this, http, clock);
            case "authorized_user" -> user(http, clock);
            case "external_account" -> workload(files, http, clock);
            case "impersonated_service_account" ->
                impersonated(new GoogleFile(json.path("source_credentials")).tokens(files, http, clock), http, clock);
            default ->
                throw unusable(
                        type.matches("[a-z_]{1,40}") ? "files of type " + type + " are not known" : "it has no type",
                        null);
        };
    }

    private TokenFetcher user(TokenHttp http, Clock clock) {
        URI url = optional("token_uri").isPresent() ? address("token_uri") : TOKENS;
        Map<String, String> form = Map.of(
                "grant_type",
                "refresh_token",
                "client_id",
                required("client_id"),
                "client_secret",
                required("client_secret"),
                "refresh_token",
                required("refresh_token"));
        TokenAnswer answers = new TokenAnswer(http, clock, OF_USERS);
        return new Fetcher(() -> answers.ask(TokenRequest.form(url, Map.of(), form)));
    }

    private TokenFetcher workload(UnaryOperator<String> files, TokenHttp http, Clock clock) {
        JsonNode source = json.path("credential_source");
        String path = source.path("file").asText("");
        if (path.isEmpty()) {
            throw unusable(
                    "its credential_source is no file; executables, certificates, addresses and AWS are not supported there",
                    null);
        }
        JsonNode format = source.path("format");
        Optional<String> field = format.path("type").asText("text").equals("json")
                ? Optional.of(format.path("subject_token_field_name").asText("access_token"))
                : Optional.empty();
        URI url = address("token_url");
        String audience = required("audience");
        String type = required("subject_token_type");
        TokenAnswer answers = new TokenAnswer(http, clock, OF_WORKLOADS);
        TokenFetcher exchange = new Fetcher(() -> {
            String text = files.apply(path).strip();
            String token = field.map(name -> of(text).required(name)).orElse(text);
            return answers.ask(TokenRequest.form(
                    url,
                    Map.of(),
                    Map.of(
                            "grant_type",
                            EXCHANGE,
                            "audience",
                            audience,
                            "scope",
                            SCOPE,
                            "requested_token_type",
                            "urn:ietf:params:oauth:token-type:access_token",
                            "subject_token_type",
                            type,
                            "subject_token",
                            token)));
        });
        return optional("service_account_impersonation_url").isPresent()
                ? impersonated(exchange, http, clock)
                : exchange;
    }

    private TokenFetcher impersonated(TokenFetcher caller, TokenHttp http, Clock clock) {
        URI url = address("service_account_impersonation_url");
        TokenAnswer answers = new TokenAnswer(http, clock, OF_IMPERSONATION);
        return new Fetcher(() -> answers.ask(TokenRequest.json(
                url,
                Map.of("Authorization", "Bearer " + caller.fetch().value()),
                Map.of("scope", List.of(SCOPE), "lifetime", "3600s"))));
    }

    /** The address of a field, which must be encrypted or of this machine. */
    URI address(String field) {
        try {
            return TokenServer.requireSafe(URI.create(required(field)));
        } catch (IllegalArgumentException e) {
            throw unusable("its " + field + " is no address", e);
        }
    }

    String required(String field) {
        return optional(field).orElseThrow(() -> unusable("it has no " + field, null));
    }

    private Optional<String> optional(String field) {
        return Optional.of(json.path(field).asText("")).filter(text -> !text.isEmpty());
    }

    /** The cause of a key that cannot be read might repeat some of it, and is left out. */
    static EmbedlakeException unusable(String why, Exception cause) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the credentials of Google Cloud: " + why
                        + (cause == null ? "" : ", " + cause.getClass().getSimpleName())
                        + " (an access token as it is, or the file of a service account, a user or a workload identity). Change api-key,"
                        + " or GOOGLE_APPLICATION_CREDENTIALS.");
    }

    @Override
    public String toString() {
        return "credentials of Google Cloud";
    }

    /** Tokens of Google Cloud. */
    private record Fetcher(Supplier<AccessToken> asking) implements TokenFetcher {
        @Override
        public AccessToken fetch() {
            return asking.get();
        }

        @Override
        public String remedy() {
            return "Give the account the right to call it (the role Vertex AI User), or change the account or project.";
        }

        @Override
        public String toString() {
            return "tokens of Google Cloud";
        }
    }
}
