package io.embedlake.remote.platform.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.auth.HeaderKey;
import io.embedlake.remote.batch.api.GeminiBatches;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.InputType;
import io.embedlake.remote.platform.Parameter;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The Gemini API: each text is a request within the call, because several parts of one content become one vector. Its replies name neither
 * index nor tokens. Vectors of gemini-embedding-001 with fewer than 3072 values do not come with length 1. Stateless.
 */
public final class GeminiPlatform extends ProviderPlatform {
    /** What Google's errors mean; a bad key is a 400 there, and a day's quota a 429 like a minute's. */
    static final ErrorClassifier FAULTS = ErrorClassifier.with(
            Rule.words("PerDay", Cause.QUOTA).at(429),
            Rule.words("API_KEY_INVALID|API key not valid", Cause.AUTHORISATION),
            Rule.tooMuch("(?<cap>\\d+) instance\\(s\\) (?:is|are) allowed per prediction", Budgets.Part.TEXTS),
            Rule.tooMuch(
                            "input token count.{0,40}(?:supports up to|maximum).{0,20}?(?<cap>\\d+)",
                            Budgets.Part.CALL_TOKENS)
                    .at(400));

    private static final int BODY_BYTES = 4 << 20;

    public GeminiPlatform() {
        super(Api.named("gemini")
                .at("https://generativelanguage.googleapis.com")
                .keyIn("GEMINI_API_KEY")
                .signed(HeaderKey::google)
                .calls(Wire.post(
                                "/v1beta/models/{model}:batchEmbedContents",
                                """
                                {"requests": [{"model": "{resource}", "content": {"parts": [{"text": "{text}"}]},
                                               "taskType": "{input-type}", "outputDimensionality": "{dimensions}"}]}""",
                                Response.class)
                        .sending("resource", options -> "models/" + options.model())
                        .with(
                                Parameter.model(model -> !model.contains("/"), "a name without models/"),
                                taskType()
                                        .unless(
                                                GeminiPlatform::isSecond,
                                                "%s reads the task in the text; write it into the template of attribute"),
                                Parameter.dimensions(),
                                Parameter.wholeTexts())
                        .faults(FAULTS)
                        .budgets(options ->
                                new Budgets(100, isSecond(options.model()) ? 8192 : 2048, Long.MAX_VALUE, BODY_BYTES)))
                .batches(0.5, Duration.ofHours(24), GeminiBatches::new));
    }

    static boolean isSecond(String model) {
        return model.startsWith("gemini-embedding-2");
    }

    static Parameter taskType() {
        return Parameter.inputType(Map.of(
                        InputType.DOCUMENT, "RETRIEVAL_DOCUMENT",
                        InputType.QUERY, "RETRIEVAL_QUERY",
                        InputType.SIMILARITY, "SEMANTIC_SIMILARITY",
                        InputType.CLASSIFICATION, "CLASSIFICATION",
                        InputType.CLUSTERING, "CLUSTERING"))
                .inFingerprint("task-type");
    }

    record Response(List<Embedding> embeddings, JsonNode error) implements Success {
        record Embedding(float[] values) {}

        @Override
        public List<float[]> vectors(int texts) {
            return Success.inOrder(embeddings, texts, Embedding::values);
        }
    }
}
