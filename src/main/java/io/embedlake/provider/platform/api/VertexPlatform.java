package io.embedlake.provider.platform.api;

import io.embedlake.provider.auth.Credentials;
import io.embedlake.provider.auth.GoogleAccess;
import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.google.VertexFormat;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Vertex AI: the key is that of a service account, as JSON, or an access token that something else renews. Stateless. */
public final class VertexPlatform extends ProviderPlatform {
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
        return List.of("dimensions", "long-text", "input-type", "query-input-type", "project", "location");
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
                options.required("project", "my-project"),
                options.required("location", "europe-west4"),
                options.model(),
                GoogleNames.taskType(options),
                options.truncate(),
                options.dimensions());
    }
}
