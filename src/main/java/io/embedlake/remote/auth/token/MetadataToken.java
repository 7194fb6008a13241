package io.embedlake.remote.auth.token;

import io.embedlake.remote.auth.token.TokenAnswer.Remedy;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Tokens of the identity that this machine, container or function has in its cloud, from the metadata service there. Immutable. */
public final class MetadataToken implements TokenFetcher {
    private static final String AZURE = "http://169.254.169.254";
    private static final String GOOGLE = "metadata.google.internal";

    private final TokenRequest request;
    private final String remedy;
    private final TokenAnswer answers;

    private MetadataToken(
            TokenRequest request, List<Remedy> remedies, String silence, String remedy, TokenHttp http, Clock clock) {
        this.request = request;
        this.remedy = remedy;
        this.answers = new TokenAnswer(http, clock, remedies, silence);
    }

    /**
     * A managed identity of Azure: of App Service, Functions and Container Apps where the environment says so, else of the virtual machine.
     *
     * @param environment has {@code IDENTITY_ENDPOINT} and {@code IDENTITY_HEADER} there
     * @param clientId the user-assigned identity
     * @param scope what the tokens are for; ends with {@code /.default}
     * @param otherWays alternatives when there is no identity, as a sentence
     */
    public static MetadataToken azure(
            Map<String, String> environment,
            Optional<String> clientId,
            String scope,
            String otherWays,
            TokenHttp http,
            Clock clock) {
        String resource = "&resource=" + TokenRequest.encode(scope.replaceFirst("/\\.default$", ""));
        String user =
                clientId.map(id -> "&client_id=" + TokenRequest.encode(id)).orElse("");
        String endpoint = environment.getOrDefault("IDENTITY_ENDPOINT", "");
        String header = environment.getOrDefault("IDENTITY_HEADER", "");
        String machine = environment
                .getOrDefault("AZURE_POD_IDENTITY_AUTHORITY_HOST", AZURE)
                .replaceFirst("/+$", "");
        TokenRequest request = endpoint.isEmpty() || header.isEmpty()
                ? TokenRequest.metadata(
                        URI.create(
                                machine + "/metadata/identity/oauth2/token?api-version=2018-02-01" + resource + user),
                        Map.of("Metadata", "true"))
                : TokenRequest.metadata(
                        URI.create(endpoint + "?api-version=2019-08-01" + resource + user),
                        Map.of("X-IDENTITY-HEADER", header));
        return new MetadataToken(
                request,
                List.of(Remedy.of(
                        "\\w", "this machine has no such identity). Assign it one, or change client-id. " + otherWays)),
                "Run where there is a managed identity. " + otherWays,
                "Give the managed identity the right to call it (for Azure OpenAI the role Cognitive Services OpenAI User), or set"
                        + " client-id to another.",
                http,
                clock);
    }

    /**
     * The service account of a machine, a pod or a function of Google Cloud.
     *
     * @param environment may name another host in {@code GCE_METADATA_HOST}
     */
    public static MetadataToken google(Map<String, String> environment, TokenHttp http, Clock clock) {
        String host = environment.getOrDefault("GCE_METADATA_HOST", GOOGLE);
        return new MetadataToken(
                TokenRequest.metadata(
                        URI.create("http://" + host + "/computeMetadata/v1/instance/service-accounts/default/token"),
                        Map.of("Metadata-Flavor", "Google")),
                List.of(Remedy.of("", "this machine has no service account). Attach one to it, or set api-key.")),
                "Run on Google Cloud, set api-key, GOOGLE_ACCESS_TOKEN or GOOGLE_APPLICATION_CREDENTIALS, or log in with gcloud auth"
                        + " application-default login.",
                "Give the service account of the machine the right to call it (the role Vertex AI User, and the scope cloud-platform), or"
                        + " set api-key.",
                http,
                clock);
    }

    @Override
    public AccessToken fetch() {
        return answers.ask(request);
    }

    @Override
    public String remedy() {
        return remedy;
    }

    @Override
    public String toString() {
        return "tokens of " + Objects.requireNonNullElse(request.url().getHost(), "the machine");
    }
}
