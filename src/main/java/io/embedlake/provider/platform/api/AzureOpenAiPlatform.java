package io.embedlake.provider.platform.api;

import io.embedlake.provider.auth.Credentials;
import io.embedlake.provider.auth.HeaderKey;
import io.embedlake.provider.auth.token.TokenServer;
import io.embedlake.provider.pack.Cl100kTokens;
import io.embedlake.provider.pack.TextTokens;
import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.openai.OpenAiFormat;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Azure OpenAI: the model is the name of a deployment, and endpoint that of the resource. Stateless. */
public final class AzureOpenAiPlatform extends ProviderPlatform {
    private static final String API_VERSION = "api-version";
    private static final String SCOPE = "https://cognitiveservices.azure.com/.default";

    @Override
    public String name() {
        return "azure-openai";
    }

    @Override
    protected Optional<String> keyVariable() {
        return Optional.of("AZURE_OPENAI_API_KEY");
    }

    @Override
    protected List<String> ownOptions() {
        return List.of(
                "dimensions",
                "long-text",
                OpenAiNames.ENCODING,
                OpenAiNames.USER,
                API_VERSION,
                "client-id",
                "client-secret",
                "tenant",
                "token-scope",
                "token-endpoint");
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        options.requireWholeTexts();
        OpenAiFormat.Settings settings = OpenAiNames.settings(options);
        return options.text(API_VERSION)
                .map(version -> OpenAiFormat.ofDeployment(options.model(), version, settings))
                .orElseGet(() -> OpenAiFormat.of(OpenAiFormat.Server.AZURE, settings));
    }

    @Override
    protected String basePath(ApiOptions options) {
        return options.text(API_VERSION).isPresent() ? "" : "/openai/v1";
    }

    @Override
    protected Credentials credentials(ApiOptions options, Supplier<String> key) {
        return HeaderKey.azure(key);
    }

    @Override
    protected Optional<TokenServer> tokenServer(ApiOptions options) {
        URI url = options.address("token-endpoint")
                .orElseGet(() -> TokenServer.entra(options.required("tenant", "contoso.onmicrosoft.com")));
        return Optional.of(new TokenServer(url, options.text("token-scope").orElse(SCOPE), TokenServer.Place.FORM));
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
