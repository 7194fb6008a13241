package io.embedlake.remote.platform.api;

import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.token.TokenServer;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.answer.NumberedVectors;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.ClientOptions;
import io.embedlake.remote.platform.Parameter;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.SignIn;
import io.embedlake.remote.platform.Surroundings;
import io.embedlake.remote.platform.Wire;
import java.net.URI;
import java.util.Optional;

/** Model serving of Databricks: the model is the name of a serving endpoint, and endpoint the address of the workspace. Stateless. */
public final class DatabricksPlatform extends ProviderPlatform {
    private static final String KEY_VARIABLE = "DATABRICKS_TOKEN";

    /** Databricks' resource id in Azure, the same for all workspaces. */
    private static final String AZURE_SCOPE = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default";

    /** How many texts a call takes is not documented. */
    private static final int TEXTS = 150;

    public DatabricksPlatform() {
        super(Api.named("databricks")
                .keyIn(KEY_VARIABLE)
                .calls(Wire.post(
                                "/serving-endpoints/{model}/invocations",
                                "{\"input\": \"{texts}\"}",
                                NumberedVectors.class)
                        .with(Parameter.wholeTexts())
                        .budgets(options -> new Budgets(
                                TEXTS, options.model().contains("bge") ? 512 : 8192, Long.MAX_VALUE, 4 << 20)))
                .declares(
                        SignIn.OPTION,
                        ClientOptions.ID,
                        ClientOptions.SECRET,
                        ClientOptions.TOKEN_SCOPE,
                        ClientOptions.TOKEN_ENDPOINT));
    }

    /** A workspace of Azure takes tokens of Entra. */
    @Override
    protected boolean hasIdentities(ApiOptions options) {
        return endpoint(options).host().endsWith(".azuredatabricks.net");
    }

    @Override
    protected Credentials withoutKey(ApiOptions options, Surroundings surroundings) {
        String scope = options.text(ClientOptions.TOKEN_SCOPE.name()).orElse(AZURE_SCOPE);
        return SignIn.azure(options, scope, KEY_VARIABLE, surroundings);
    }

    /** The workspace's own. */
    @Override
    protected Optional<TokenServer> tokenServer(ApiOptions options) {
        URI url = options.address(ClientOptions.TOKEN_ENDPOINT.name())
                .orElseGet(() -> URI.create(options.required("endpoint", "https://my-workspace.cloud.databricks.com"))
                        .resolve("/oidc/v1/token"));
        return Optional.of(new TokenServer(
                url, options.text(ClientOptions.TOKEN_SCOPE.name()).orElse("all-apis"), TokenServer.Place.HEADER));
    }
}
