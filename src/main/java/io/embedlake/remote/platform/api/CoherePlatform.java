package io.embedlake.remote.platform.api;

import io.embedlake.remote.batch.api.CohereJobs;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.answer.ListedVectors;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.InputType;
import io.embedlake.remote.platform.Parameter;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Wire;
import java.time.Duration;
import java.util.Map;

/** Cohere. Neither a discount of batches nor their time is published; a day is what others say. Stateless. */
public final class CoherePlatform extends ProviderPlatform {
    private static final int CALL_TOKENS = 128_000;

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
                        .faults(
                                // A trial key has a thousand calls a month: no wait within a job helps.
                                Rule.words("trial|month", Cause.QUOTA).at(429),
                                Rule.tooMuch("TOO_MANY_TOKENS|too many tokens", Budgets.Part.TEXT_TOKENS)
                                        .at(400, 422),
                                Rule.words(
                                        "valid input_type must be provided|embedding_types parameter",
                                        Cause.BAD_OPTION),
                                Rule.words("unprocessable|unknown field", Cause.BAD_OPTION)
                                        .at(422))
                        .budgets(options -> new Budgets(96, textTokens(options), CALL_TOKENS, 8 << 20)))
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

    private static int textTokens(ApiOptions options) {
        return options.number("max-tokens").orElse(options.model().contains("v3") ? 512 : CALL_TOKENS);
    }
}
