package io.embedlake.remote.platform.api;

import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.HeaderKey;
import io.embedlake.remote.auth.token.TokenServer;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.openai.OpenAiFormat;
import io.embedlake.remote.pack.Cl100kTokens;
import io.embedlake.remote.pack.TextTokens;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.ClientOptions;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.SignIn;
import io.embedlake.remote.platform.Surroundings;
import io.embedlake.spi.PlatformOption;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

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

    @Override
    public String name() {
        return "azure-openai";
    }

    @Override
    protected Optional<String> keyVariable() {
        return Optional.of(KEY_VARIABLE);
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text");
    }

    @Override
    public List<PlatformOption> declares() {
        return List.of(
                OpenAiNames.ENCODING,
                OpenAiNames.USER,
                API_VERSION,
                SignIn.OPTION,
                ClientOptions.ID,
                ClientOptions.SECRET,
                TENANT,
                ClientOptions.TOKEN_SCOPE,
                ClientOptions.TOKEN_ENDPOINT);
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        options.requireWholeTexts();
        OpenAiFormat.Settings settings = OpenAiNames.settings(options);
        return options.text(API_VERSION.name())
                .map(version -> OpenAiFormat.ofDeployment(options.model(), version, settings))
                .orElseGet(() -> OpenAiFormat.of(OpenAiFormat.Server.AZURE, settings));
    }

    @Override
    protected String basePath(ApiOptions options) {
        return options.text(API_VERSION.name()).isPresent() ? "" : "/openai/v1";
    }

    @Override
    protected Credentials credentials(ApiOptions options, Supplier<String> key, Surroundings surroundings) {
        return HeaderKey.azure(key);
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

    @Override
    protected TextTokens tokens() {
        return new Cl100kTokens();
    }

    @Override
    protected boolean countsExactly() {
        return true;
    }
}
