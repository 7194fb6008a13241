package io.embedlake.provider.platform.api;

import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.google.VertexFormat;
import java.util.List;
import java.util.Optional;

/** Vertex AI: the key is an access token, best in a file that something else renews. Stateless. */
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
