package io.embedlake.provider.auth;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.provider.wire.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Gets tokens for a client's id and secret, as OAuth 2 describes it and Entra and Databricks do it. Thread-safe. */
public final class ClientCredentials implements TokenFetcher {
    private static final long USUAL_SECONDS = 3600;

    private final URI tokenUrl;
    private final Map<String, String> fields;
    private final Supplier<String> secret;
    private final FormPost post;
    private final Clock clock;

    /** Sends a form and returns the body of the reply, whatever its status. Thread-safe. */
    public interface FormPost {
        /**
         * Posts {@code application/x-www-form-urlencoded}.
         *
         * @throws IOException when there is no reply; its message holds nothing of the form
         */
        byte[] post(URI url, String form) throws IOException;
    }

    /**
     * A client.
     *
     * @param tokenUrl where tokens are given out
     * @param clientId its name there
     * @param scope what the token is for
     */
    public ClientCredentials(
            URI tokenUrl, String clientId, Supplier<String> secret, String scope, FormPost post, Clock clock) {
        this.tokenUrl = Objects.requireNonNull(tokenUrl);
        this.fields = Map.of("grant_type", "client_credentials", "client_id", clientId, "scope", scope);
        this.secret = Objects.requireNonNull(secret);
        this.post = Objects.requireNonNull(post);
        this.clock = Objects.requireNonNull(clock);
    }

    /**
     * Where Entra gives out tokens to the clients of a tenant.
     *
     * @param tenant its id or domain
     */
    public static URI entra(String tenant) {
        return URI.create("https://login.microsoftonline.com/" + encode(tenant) + "/oauth2/v2.0/token");
    }

    @Override
    public AccessToken fetch() {
        Map<String, String> all = new TreeMap<>(fields);
        all.put("client_secret", secret.get().strip());
        String form = all.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        JsonNode reply;
        try {
            reply = Json.tree(post.post(tokenUrl, form));
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.TRANSIENT,
                    "Cannot get an access token: " + tokenUrl.getHost() + " (no reply). Check the network.",
                    e);
        }
        String token = reply.path("access_token").asText("");
        if (token.isEmpty()) {
            String code = reply.path("error").asText("no token in the reply").replaceAll("[^A-Za-z0-9_ ]", "");
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot get an access token: " + tokenUrl.getHost() + " (" + code
                            + "). Check the client's id, its secret and the scope.");
        }
        return new AccessToken(
                token, clock.instant().plusSeconds(reply.path("expires_in").asLong(USUAL_SECONDS)));
    }

    @Override
    public String toString() {
        return "client credentials at " + tokenUrl.getHost();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
