package io.embedlake.remote.platform.api;

import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.openai.OpenAiFormat;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Surroundings;
import io.embedlake.spi.PlatformOption;
import java.util.List;
import java.util.function.Supplier;

/** Servers compatible with OpenAI's API: vLLM, llama.cpp, LM Studio, gateways. Stateless. */
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
