package io.embedlake.remote.platform.api;

import io.embedlake.remote.format.answer.NumberedVectors;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.Parameter;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Wire;

/**
 * Servers compatible with OpenAI's API: vLLM, llama.cpp, LM Studio, gateways. Nothing is assumed of them, and lists have a length that most
 * accept. Stateless.
 */
public final class OpenAiCompatiblePlatform extends ProviderPlatform {
    public OpenAiCompatiblePlatform() {
        super(Api.named("openai-compatible")
                .signed(GatewayKey::of)
                .calls(Wire.post(
                                "/embeddings",
                                """
                                {"input": "{texts}", "model": "{model}", "dimensions": "{dimensions}", "encoding_format": "{encoding}"}""",
                                NumberedVectors.class)
                        .api("openai")
                        .with(OpenAiPlatform.dimensions(), Parameter.wholeTexts(), OpenAiPlatform.encoding())
                        .budgets(64, Integer.MAX_VALUE, Long.MAX_VALUE, 1 << 20))
                .declares(GatewayKey.KEY_HEADER, SERVER_LABEL));
    }
}
