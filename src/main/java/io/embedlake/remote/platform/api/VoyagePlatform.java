package io.embedlake.remote.platform.api;

import io.embedlake.remote.batch.api.VoyageBatches;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.answer.NumberedVectors;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.image.ImageRules;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.ImageModels;
import io.embedlake.remote.platform.InputType;
import io.embedlake.remote.platform.Parameter;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Wire;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Voyage AI. Stateless. */
public final class VoyagePlatform extends ProviderPlatform {
    private static final String MULTIMODAL = "voyage-multimodal-";

    private static final ErrorClassifier FAULTS = ErrorClassifier.with(
            Rule.words("model \\S+ is not supported", Cause.NOT_FOUND).at(400),
            Rule.tooMuch("batch size limit is (?<cap>\\d+)", Budgets.Part.TEXTS),
            Rule.tooMuch("max allowed tokens per submitted batch is (?<cap>\\d+)", Budgets.Part.CALL_TOKENS));

    private static final double PIXELS_A_TOKEN = 560;

    /** Texts to a model that takes images too. */
    private static final Wire MULTIMODAL_TEXTS =
            multimodal("{\"type\": \"text\", \"text\": \"{text}\"}").budgets(1000, 32_000, 288_000, 8 << 20);

    private static final ImageModels MULTIMODAL_MODELS = new ImageModels(
            VoyagePlatform::isMultimodal,
            "voyage-multimodal-3 and voyage-multimodal-3.5",
            multimodal("{\"type\": \"image_base64\", \"image_base64\": \"{text}\"}")
                    .budgets(1000, 32_000, 320_000, 32_000_000),
            ImageRules.of(ImageRules.Form.DATA_URI, "JPEG", "PNG", "GIF", "WebP")
                    .bytes(20_000_000)
                    .pixels(16_000_000)
                    .tokens(image -> (long) Math.ceil(image.pixels() / PIXELS_A_TOKEN)));

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
                        .with(inputType(), longText(), Parameter.dimensions(256, 512, 1024, 2048))
                        .faults(FAULTS)
                        .budgets(options -> budgets(options.model())))
                .images(MULTIMODAL_MODELS)
                .batches(0.67, Duration.ofHours(12), VoyageBatches::new));
    }

    /** A call with inputs of one kind, each a list of one content. */
    private static Wire multimodal(String content) {
        return Wire.post(
                        "/v1/multimodalembeddings",
                        """
                        {"inputs": [{"content": [%s]}], "model": "{model}", "input_type": "{input-type}", "truncation": "{long-text}",
                         "output_dimension": "{dimensions}", "output_encoding": "base64"}"""
                                .formatted(content),
                        NumberedVectors.class)
                .with(
                        inputType(),
                        longText(),
                        Parameter.dimensions(256, 512, 1024, 2048)
                                .unless(model -> model.equals("voyage-multimodal-3"), "%s has one length only"))
                .faults(FAULTS);
    }

    private static Parameter inputType() {
        return Parameter.inputType(Map.of(InputType.DOCUMENT, "document", InputType.QUERY, "query"));
    }

    private static Parameter longText() {
        return Parameter.longText(true, false).except(true).inFingerprint("truncation");
    }

    private static boolean isMultimodal(String model) {
        return model.startsWith(MULTIMODAL);
    }

    @Override
    protected Wire call(ApiOptions options) {
        if (!isMultimodal(options.model())) {
            return super.call(options);
        }
        options.text(MODE)
                .ifPresent(mode -> Options.require(MODE, mode, mode.equals("stream"), "this model has no batches"));
        return MULTIMODAL_TEXTS;
    }

    /** Tokens of a call by the size of the model, and a tenth of them kept back because they are estimated. */
    private static Budgets budgets(String model) {
        long callTokens = model.contains("-lite")
                ? 900_000
                : Set.of("voyage-4", "voyage-3.5", "voyage-2").contains(model) ? 288_000 : 108_000;
        return new Budgets(1000, model.contains("law-2") ? 16_000 : 32_000, callTokens, 8 << 20);
    }
}
