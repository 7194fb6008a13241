package io.embedlake.remote.platform.api;

import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.HeaderKey;
import io.embedlake.remote.auth.token.TokenServer;
import io.embedlake.remote.pack.Cl100kTokens;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.ClientOptions;
import io.embedlake.remote.platform.Parameter;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.SignIn;
import io.embedlake.remote.platform.Surroundings;
import io.embedlake.remote.platform.Wire;
import io.embedlake.spi.PlatformOption;
import java.net.URI;
import java.util.Optional;

/** Azure OpenAI: the model is the name of a deployment, and endpoint that of the resource. Stateless. */
public final class AzureOpenAiPlatform extends ProviderPlatform {
    private static final PlatformOption TENANT = PlatformOption.text(
            "tenant",
            "letters, digits, . -",
            "[A-Za-z0-9.-]+",
            "azure-openai with client-id needs one",
            "The tenant of Microsoft Entra that has the client: its id or its domain.",
            "contoso.onmicrosoft.com");

    private static final PlatformOption API_VERSION = PlatformOption.text(
            "api-version",
            "a date such as 2024-10-21",
            "[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?",
            "the API that needs none",
            "The version of Azure's older API, with deployments in the address.",
            "2024-10-21");

    private static final String KEY_VARIABLE = "AZURE_OPENAI_API_KEY";
    private static final String SCOPE = "https://cognitiveservices.azure.com/.default";

    private static final Wire DEPLOYMENT = OpenAiPlatform.hosted(
            "/openai/deployments/{model}/embeddings?api-version={api-version}",
            """
            {"input": "{texts}", "dimensions": "{dimensions}", "encoding_format": "{encoding}", "user": "{user}"}""",
            Parameter.of(API_VERSION));

    public AzureOpenAiPlatform() {
        super(Api.named("azure-openai")
                .keyIn(KEY_VARIABLE)
                .signed(HeaderKey::azure)
                .calls(OpenAiPlatform.call(), DEPLOYMENT)
                .declares(
                        SignIn.OPTION,
                        ClientOptions.ID,
                        ClientOptions.SECRET,
                        TENANT,
                        ClientOptions.TOKEN_SCOPE,
                        ClientOptions.TOKEN_ENDPOINT)
                .counted(Cl100kTokens::new));
    }

    /** The API before {@code /openai/v1} names the deployment in the path, and no model in the body. */
    @Override
    protected Wire call(ApiOptions options) {
        return options.text(API_VERSION.name()).isPresent() ? DEPLOYMENT : super.call(options);
    }

    @Override
    protected String basePath(ApiOptions options) {
        return options.text(API_VERSION.name()).isPresent() ? "" : "/openai/v1";
    }

    @Override
    protected boolean hasIdentities(ApiOptions options) {
        return true;
    }

    @Override
    protected Credentials withoutKey(ApiOptions options, Surroundings surroundings) {
        return SignIn.azure(options, scope(options), KEY_VARIABLE, surroundings);
    }

    private static String scope(ApiOptions options) {
        return options.text(ClientOptions.TOKEN_SCOPE.name()).orElse(SCOPE);
    }

    @Override
    protected Optional<TokenServer> tokenServer(ApiOptions options) {
        URI url = options.address(ClientOptions.TOKEN_ENDPOINT.name())
                .orElseGet(() -> TokenServer.entra(options.required(TENANT.name(), "contoso.onmicrosoft.com")));
        return Optional.of(new TokenServer(url, scope(options), TokenServer.Place.FORM));
    }
}
