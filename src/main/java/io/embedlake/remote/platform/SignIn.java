package io.embedlake.remote.platform;

import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.ExpiringToken;
import io.embedlake.remote.auth.token.ClientCredentials;
import io.embedlake.remote.auth.token.MetadataToken;
import io.embedlake.remote.auth.token.TokenFetcher;
import io.embedlake.remote.auth.token.TokenServer;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.PlatformOption;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The identities that Azure gives to what runs there, so that a job needs no key. Stateless. */
public final class SignIn {
    private static final String WORKLOAD = "workload-identity";
    private static final String MANAGED = "managed-identity";

    /** Which of them is meant. */
    public static final PlatformOption OPTION = PlatformOption.choice(
            "sign-in",
            List.of(WORKLOAD, MANAGED),
            "api-key or client-secret where set, else the provider's variable, else the workload identity of the pod, else the managed"
                    + " identity",
            "Which identity of Azure signs calls instead of a key: that of a pod of AKS, or that of a machine, an app or a function."
                    + " client-id names one that a user has assigned. With databricks, where the workspace is on Azure.",
            MANAGED);

    private static final String TOKEN_FILE = "AZURE_FEDERATED_TOKEN_FILE";
    private static final String CLIENT = "AZURE_CLIENT_ID";
    private static final String TENANT = "AZURE_TENANT_ID";

    private SignIn() {}

    /** Makes sure that an identity can be had, and that the job does not name a secret as well. */
    static void check(ProviderPlatform platform, ApiOptions options) {
        if (options.text(OPTION.name()).isEmpty()) {
            return;
        }
        if (!platform.hasIdentities(options)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the model " + options.model()
                            + ": sign-in is set, and its endpoint is not on Azure (identities of Azure"
                            + " sign in there). Remove sign-in, or change endpoint.");
        }
        for (String other : List.of(ProviderPlatform.API_KEY, ClientOptions.SECRET.name())) {
            if (options.text(other).isPresent()) {
                throw new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot use the model " + options.model() + ": both " + OPTION.name() + " and " + other
                                + " are set (calls are signed with one of them). Remove one.");
            }
        }
    }

    /**
     * What signs calls with an identity of Azure.
     *
     * @param scope what the tokens are for
     * @param keyVariable the variable that may hold a key instead
     */
    public static Credentials azure(ApiOptions options, String scope, String keyVariable, Surroundings surroundings) {
        Optional<String> client = options.text(ClientOptions.ID.name()).or(() -> surroundings.variable(CLIENT));
        Optional<String> tenant = options.text("tenant").or(() -> surroundings.variable(TENANT));
        boolean isWorkload = options.text(OPTION.name())
                .map(WORKLOAD::equals)
                .orElse(surroundings.variable(TOKEN_FILE).isPresent() && client.isPresent() && tenant.isPresent());
        TokenFetcher tokens = isWorkload
                ? workload(options, client, tenant, scope, surroundings)
                : MetadataToken.azure(
                        surroundings.environment(),
                        client,
                        scope,
                        "Or set api-key, " + keyVariable + ", or client-id and client-secret.",
                        surroundings.http(),
                        surroundings.clock());
        return new ExpiringToken(tokens, surroundings.clock());
    }

    private static TokenFetcher workload(
            ApiOptions options,
            Optional<String> client,
            Optional<String> tenant,
            String scope,
            Surroundings surroundings) {
        Path file = Path.of(surroundings.variable(TOKEN_FILE).orElseThrow(() -> missing(TOKEN_FILE)));
        URI url = options.address(ClientOptions.TOKEN_ENDPOINT.name())
                .orElseGet(() -> TokenServer.entra(
                        surroundings.variable("AZURE_AUTHORITY_HOST").orElse("https://login.microsoftonline.com/"),
                        tenant.orElseThrow(() -> missing(TENANT))));
        return new ClientCredentials(
                new TokenServer(url, scope, TokenServer.Place.ASSERTION),
                client.orElseThrow(() -> missing(CLIENT)),
                () -> read(file, TOKEN_FILE),
                surroundings.http(),
                surroundings.clock());
    }

    private static EmbedlakeException missing(String variable) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot sign in with a workload identity: " + variable
                        + " is not set (AKS sets it in pods labelled azure.workload.identity/use). Label the pods, or change sign-in.");
    }

    /**
     * The text of a file that the environment names.
     *
     * @param variable that names it, for messages
     */
    public static String read(Path file, String variable) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the credentials in " + file + ": "
                            + e.getClass().getSimpleName() + " (the file is found by " + variable
                            + "). Make it readable, or change the variable.",
                    e);
        }
    }
}
