package io.embedlake.provider.platform.api;

import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.huggingface.RouterFormat;
import java.util.List;
import java.util.Optional;

/** Hugging Face's router to hosted models. Stateless. */
public final class HuggingFaceApiPlatform extends ProviderPlatform {
    @Override
    public String name() {
        return "huggingface-api";
    }

    @Override
    protected Optional<String> home(ApiOptions options) {
        return Optional.of(RouterFormat.ENDPOINT);
    }

    @Override
    protected Optional<String> keyVariable() {
        return Optional.of("HF_TOKEN");
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text", "normalize", "prompt-name");
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        return RouterFormat.of(TeiNames.settings(options));
    }
}
