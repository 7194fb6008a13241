package io.embedlake.remote.auth.token;

import io.embedlake.remote.auth.token.TokenAnswer.Remedy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Requests tokens with a client's id and its secret, or its workload's token: the client credentials grant of OAuth 2, as in Entra and
 * Databricks. Thread-safe.
 */
public final class ClientCredentials implements TokenFetcher {
    private static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /** Entra's error codes, then those of OAuth. */
    private static final List<Remedy> REMEDIES = List.of(
            Remedy.of("AADSTS(90002|900023|900021)", "there is no such tenant). Change tenant."),
            Remedy.of(
                    "AADSTS(70021|700211|700212|700213|70025)\\b",
                    "the client trusts no such workload). Add a federated credential for the pod's service account to it, or change"
                            + " client-id."),
            Remedy.of(
                    "AADSTS700016|unauthorized_client", "the tenant has no such client). Change client-id or tenant."),
            Remedy.of("AADSTS7000222", "the client's secret has expired). Make a new one, and change client-secret."),
            Remedy.of(
                    "AADSTS(70011|500011|1002012|501051)|invalid_scope|invalid_resource",
                    "there is no such scope, or the" + " client may not have it). Change token-scope."),
            Remedy.of(
                    "invalid_client|AADSTS7000215",
                    "the client's id and secret do not fit together; is it the secret's value, rather than its id?)."
                            + " Change client-secret or client-id."),
            Remedy.of("\\w", "it gives none to this client). Check client-id, client-secret, tenant and token-scope."));

    private final TokenServer server;
    private final String clientId;
    private final Supplier<String> secret;
    private final TokenAnswer answers;

    /**
     * A client.
     *
     * @param server issues tokens
     * @param clientId its name there
     */
    public ClientCredentials(
            TokenServer server, String clientId, Supplier<String> secret, TokenHttp http, Clock clock) {
        this.server = Objects.requireNonNull(server);
        this.clientId = Objects.requireNonNull(clientId);
        this.secret = Objects.requireNonNull(secret);
        this.answers = new TokenAnswer(http, clock, REMEDIES);
    }

    @Override
    public AccessToken fetch() {
        String value = secret.get().strip();
        Map<String, String> form = new HashMap<>(Map.of("grant_type", "client_credentials", "scope", server.scope()));
        Map<String, String> headers = new HashMap<>();
        switch (server.place()) {
            case HEADER -> {
                byte[] pair = (TokenRequest.encode(clientId) + ":" + TokenRequest.encode(value))
                        .getBytes(StandardCharsets.UTF_8);
                headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
            }
            case FORM -> form.putAll(Map.of("client_id", clientId, "client_secret", value));
            case ASSERTION ->
                form.putAll(
                        Map.of("client_id", clientId, "client_assertion_type", ASSERTION, "client_assertion", value));
        }
        return answers.ask(TokenRequest.form(server.url(), headers, form));
    }

    @Override
    public String remedy() {
        return "Give the client of client-id the right to call it, or change client-id.";
    }

    @Override
    public String toString() {
        return "client credentials at " + server.url().getHost();
    }
}
