package io.embedlake.remote.platform.api;

import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.huggingface.RouterFormat;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.ProviderPlatform;
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
