package io.embedlake.remote.platform.api;

import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.Encoding;
import io.embedlake.remote.format.openai.JinaFormat;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.InputType;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spi.PlatformOption;
import java.util.List;
import java.util.Optional;

/** Jina AI. Stateless. */
public final class JinaPlatform extends ProviderPlatform {
    @Override
    public String name() {
        return "jina";
    }

    @Override
    protected Optional<String> home(ApiOptions options) {
        return Optional.of(JinaFormat.ENDPOINT);
    }

    @Override
    protected Optional<String> keyVariable() {
        return Optional.of("JINA_API_KEY");
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text", "normalize");
    }

    @Override
    public List<PlatformOption> declares() {
        return List.of(InputType.OPTION, InputType.QUERY_OPTION);
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        return JinaFormat.of(new JinaFormat.Settings(
                options.model(),
                options.inputType().map(JinaPlatform::task),
                options.dimensions(),
                options.truncate(),
                options.normalize(),
                Encoding.BASE64));
    }

    private static String task(InputType type) {
        return switch (type) {
            case DOCUMENT -> "retrieval.passage";
            case QUERY -> "retrieval.query";
            case SIMILARITY -> "text-matching";
            case CLASSIFICATION -> "classification";
            case CLUSTERING -> "separation";
        };
    }
}
