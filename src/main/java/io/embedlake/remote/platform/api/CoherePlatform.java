package io.embedlake.remote.platform.api;

import io.embedlake.image.ImageHeader;
import io.embedlake.remote.batch.api.CohereJobs;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.answer.ListedVectors;
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

/** Cohere. Neither a discount of batches nor their time is published; a day is what others say. Stateless. */
public final class CoherePlatform extends ProviderPlatform {
    private static final int CALL_TOKENS = 128_000;

    private static final ErrorClassifier FAULTS = ErrorClassifier.with(
            // A trial key has a thousand calls a month: no wait within a job helps.
            Rule.words("trial|month", Cause.QUOTA).at(429),
            Rule.tooMuch("TOO_MANY_TOKENS|too many tokens", Budgets.Part.TEXT_TOKENS)
                    .at(400, 422),
            Rule.words("valid input_type must be provided|embedding_types parameter", Cause.BAD_OPTION),
            Rule.words("unprocessable|unknown field", Cause.BAD_OPTION).at(422));

    private static final int IMAGE_BYTES = 5_000_000;
    private static final long CALL_BYTES = 20_000_000;

    /** Larger images are made smaller and smaller ones larger before they are counted. */
    private static final long LEAST_PIXELS = 3136;

    private static final long MOST_PIXELS = 2_458_624;

    /** 512 x 512 pixels are about 1610 tokens; the rule is not published. */
    private static final double TOKENS_A_PIXEL = 1610.0 / (512 * 512);

    private static final ImageRules FILES = ImageRules.of(ImageRules.Form.DATA_URI, "JPEG", "PNG", "GIF", "WebP")
            .bytes(IMAGE_BYTES);

    private static final ImageModels VERSION_4 = new ImageModels(
            model -> model.contains("embed-v4"),
            "embed-v4.0",
            Wire.post(
                            "/v2/embed",
                            """
                            {"model": "{model}", "input_type": "{input-type}", "embedding_types": ["base64"],
                             "output_dimension": "{dimensions}",
                             "inputs": [{"content": [{"type": "image_url", "image_url": {"url": "{text}"}}]}]}""",
                            ListedVectors.class)
                    .with(inputType(), Parameter.dimensions(256, 512, 1024, 1536))
                    .faults(FAULTS)
                    .budgets(96, CALL_TOKENS, CALL_TOKENS, CALL_BYTES),
            FILES.tokens(CoherePlatform::imageTokens));

    private static final ImageModels VERSION_3 = new ImageModels(
            model -> model.contains("-v3"),
            "embed-english-v3.0, embed-multilingual-v3.0 and their light versions",
            Wire.post(
                            "/v2/embed",
                            """
                            {"model": "{model}", "input_type": "image", "embedding_types": ["base64"], "images": ["{text}"]}""",
                            ListedVectors.class)
                    .faults(FAULTS)
                    .oneACall(CALL_BYTES),
            FILES);

    /** The type of vectors is always sent: some versions of the API refuse a request without it. */
    public CoherePlatform() {
        super(Api.named("cohere")
                .at("https://api.cohere.com")
                .keyIn("CO_API_KEY")
                .calls(Wire.post(
                                "/v2/embed",
                                """
                                {"model": "{model}", "input_type": "{input-type}", "embedding_types": ["base64"], "truncate": "{long-text}",
                                 "output_dimension": "{dimensions}", "max_tokens": "{max-tokens}", "texts": "{texts}"}""",
                                ListedVectors.class)
                        .with(
                                inputType(),
                                longText().except("END"),
                                Parameter.dimensions(256, 512, 1024, 1536),
                                Parameter.number("max-tokens"))
                        .faults(FAULTS)
                        .budgets(options -> new Budgets(96, textTokens(options), CALL_TOKENS, 8 << 20)))
                .images(VERSION_4, VERSION_3)
                .batches(1, Duration.ofHours(24), CohereJobs::new));
    }

    /** Documents, unless the job sets another type: Cohere's models require one, wherever they run. */
    static Parameter inputType() {
        return Parameter.inputType(Map.of(
                        InputType.DOCUMENT, "search_document",
                        InputType.QUERY, "search_query",
                        InputType.CLASSIFICATION, "classification",
                        InputType.CLUSTERING, "clustering"))
                .usually(InputType.DOCUMENT.toString());
    }

    static Parameter longText() {
        return Parameter.longText("END", "NONE").inFingerprint("truncate");
    }

    /** About as many tokens as the fourth version counts for an image. */
    static long imageTokens(ImageHeader image) {
        return (long) Math.ceil(Math.max(LEAST_PIXELS, Math.min(MOST_PIXELS, image.pixels())) * TOKENS_A_PIXEL);
    }

    private static int textTokens(ApiOptions options) {
        return options.number("max-tokens").orElse(options.model().contains("v3") ? 512 : CALL_TOKENS);
    }
}
