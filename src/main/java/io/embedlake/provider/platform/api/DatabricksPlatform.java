package io.embedlake.provider.platform.api;

import io.embedlake.embed.PlatformOption;
import io.embedlake.provider.auth.token.TokenServer;
import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.ClientOptions;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.openai.DatabricksFormat;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Model serving of Databricks: the model is the name of a serving endpoint, and endpoint the address of the workspace. Stateless. */
public final class DatabricksPlatform extends ProviderPlatform {
    @Override
    public String name() {
        return "databricks";
    }

    @Override
    protected Optional<String> keyVariable() {
        return Optional.of("DATABRICKS_TOKEN");
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("long-text");
    }

    @Override
    public List<PlatformOption> declares() {
        return List.of(ClientOptions.ID, ClientOptions.SECRET, ClientOptions.TOKEN_SCOPE, ClientOptions.TOKEN_ENDPOINT);
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

    @Override
    protected ModelFormat format(ApiOptions options) {
        options.requireWholeTexts();
        return DatabricksFormat.of(new DatabricksFormat.Settings(options.model(), Optional.empty()));
    }
}
