package io.embedlake.remote.platform.api;

import io.embedlake.remote.batch.api.MistralBatches;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.answer.NumberedVectors;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.Parameter;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Wire;
import java.time.Duration;

/** Mistral, which rejects unknown fields. Stateless. */
public final class MistralPlatform extends ProviderPlatform {
    /** The documented limits of tokens per call are 16,000 and 8,192; this satisfies both. */
    private static final int CALL_TOKENS = 8000;

    public MistralPlatform() {
        super(Api.named("mistral")
                .at("https://api.mistral.ai")
                .keyIn("MISTRAL_API_KEY")
                .calls(Wire.post(
                                "/v1/embeddings",
                                """
                                {"input": "{texts}", "model": "{model}", "output_dimension": "{dimensions}", "encoding_format": "base64"}""",
                                NumberedVectors.class)
                        .with(Parameter.dimensions(), Parameter.wholeTexts())
                        .faults(
                                Rule.tooMuch("too many tokens", Budgets.Part.CALL_TOKENS)
                                        .at(400),
                                Rule.tooMuch("\\b3210\\b", Budgets.Part.TEXTS).at(400),
                                Rule.words("invalid_model|invalid model", Cause.NOT_FOUND)
                                        .at(400))
                        .budgets(256, 8192, CALL_TOKENS, 8 << 20))
                .batches(0.5, Duration.ofHours(24), MistralBatches::new));
    }
}
