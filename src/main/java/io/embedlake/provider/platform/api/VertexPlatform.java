package io.embedlake.provider.platform.api;

import io.embedlake.embed.PlatformOption;
import io.embedlake.provider.auth.Credentials;
import io.embedlake.provider.auth.GoogleAccess;
import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.InputType;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.google.VertexFormat;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Vertex AI: the key is that of a service account, as JSON, or an access token that something else renews. Stateless. */
public final class VertexPlatform extends ProviderPlatform {
    private static final PlatformOption PROJECT = PlatformOption.text(
            "project", "a project", "vertex needs one", "The project of Google Cloud that pays.", "my-project");

    static final PlatformOption LOCATION = PlatformOption.text(
            "location",
            "lower case, digits, -",
            "[a-z0-9-]+",
            "vertex and bedrock need one",
            "The region that computes.",
            "europe-west4");

    @Override
    public String name() {
        return "vertex";
    }

    @Override
    protected Optional<String> home(ApiOptions options) {
        return Optional.of(settings(options).endpoint());
    }

    @Override
    protected Optional<String> keyVariable() {
        return Optional.of("GOOGLE_ACCESS_TOKEN");
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text");
    }

    @Override
    public List<PlatformOption> declares() {
        return List.of(InputType.OPTION, InputType.QUERY_OPTION, PROJECT, LOCATION);
    }

    @Override
    protected Credentials credentials(ApiOptions options, Supplier<String> key) {
        return new GoogleAccess(key, forms(), Clock.systemUTC());
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        return VertexFormat.of(settings(options));
    }

    private static VertexFormat.Settings settings(ApiOptions options) {
        return new VertexFormat.Settings(
                options.required(PROJECT.name(), "my-project"),
                options.required("location", "europe-west4"),
                options.model(),
                GoogleNames.taskType(options),
                options.truncate(),
                options.dimensions());
    }
}
