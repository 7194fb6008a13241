package io.embedlake.remote.platform.api;

import io.embedlake.remote.batch.api.VoyageBatches;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.answer.NumberedVectors;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.InputType;
import io.embedlake.remote.platform.Parameter;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Wire;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Voyage AI. Stateless. */
public final class VoyagePlatform extends ProviderPlatform {
    public VoyagePlatform() {
        super(Api.named("voyage")
                .at("https://api.voyageai.com")
                .keyIn("VOYAGE_API_KEY")
                .calls(Wire.post(
                                "/v1/embeddings",
                                """
                                {"input": "{texts}", "model": "{model}", "input_type": "{input-type}", "truncation": "{long-text}",
                                 "output_dimension": "{dimensions}", "encoding_format": "base64"}""",
                                NumberedVectors.class)
                        .with(
                                Parameter.inputType(Map.of(InputType.DOCUMENT, "document", InputType.QUERY, "query")),
                                Parameter.longText(true, false).except(true).inFingerprint("truncation"),
                                Parameter.dimensions(256, 512, 1024, 2048))
                        .faults(
                                Rule.words("model \\S+ is not supported", Cause.NOT_FOUND)
                                        .at(400),
                                Rule.tooMuch("batch size limit is (?<cap>\\d+)", Budgets.Part.TEXTS),
                                Rule.tooMuch(
                                        "max allowed tokens per submitted batch is (?<cap>\\d+)",
                                        Budgets.Part.CALL_TOKENS))
                        .budgets(options -> budgets(options.model())))
                .batches(0.67, Duration.ofHours(12), VoyageBatches::new));
    }

    /** Tokens of a call by the size of the model, and a tenth of them kept back because they are estimated. */
    private static Budgets budgets(String model) {
        long callTokens = model.contains("-lite")
                ? 900_000
                : Set.of("voyage-4", "voyage-3.5", "voyage-2").contains(model) ? 288_000 : 108_000;
        return new Budgets(1000, model.contains("law-2") ? 16_000 : 32_000, callTokens, 8 << 20);
    }
}
