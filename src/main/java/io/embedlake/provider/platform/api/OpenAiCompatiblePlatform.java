package io.embedlake.provider.platform.api;

import io.embedlake.embed.PlatformOption;
import io.embedlake.provider.auth.Credentials;
import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.platform.Surroundings;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.openai.OpenAiFormat;
import java.util.List;
import java.util.function.Supplier;

/** Whoever speaks OpenAI's API: vLLM, llama.cpp, LM Studio, a gateway. Stateless. */
public final class OpenAiCompatiblePlatform extends ProviderPlatform {
    @Override
    public String name() {
        return "openai-compatible";
    }

    @Override
    protected Credentials credentials(ApiOptions options, Supplier<String> key, Surroundings surroundings) {
        return GatewayKey.of(options, key);
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text");
    }

    @Override
    public List<PlatformOption> declares() {
        return List.of(OpenAiNames.ENCODING, GatewayKey.KEY_HEADER);
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        options.requireWholeTexts();
        return OpenAiFormat.of(OpenAiFormat.Server.COMPATIBLE, OpenAiNames.settings(options));
    }
}
