package io.embedlake.provider.platform.api;

import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.openai.OpenAiFormat;
import java.util.List;
import java.util.Optional;

/** Whoever speaks OpenAI's API: vLLM, llama.cpp, LM Studio, a gateway. Stateless. */
public final class OpenAiCompatiblePlatform extends ProviderPlatform {
    @Override
    public String name() {
        return "openai-compatible";
    }

    @Override
    protected Optional<String> home(ApiOptions options) {
        return Optional.empty();
    }

    @Override
    protected Optional<String> keyVariable() {
        return Optional.empty();
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text");
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        options.requireWholeTexts();
        return OpenAiFormat.of(
                OpenAiFormat.Server.COMPATIBLE,
                new OpenAiFormat.Settings(options.model(), options.dimensions(), Optional.empty(), Optional.empty()));
    }
}
