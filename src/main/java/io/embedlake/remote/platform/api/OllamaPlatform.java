package io.embedlake.remote.platform.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.Parameter;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Wire;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Ollama's own API. It computes on one machine, and refuses with status 503 when too many wait. It documents no limit of a list; longer
 * ones only make a failure more expensive. Stateless.
 */
public final class OllamaPlatform extends ProviderPlatform {
    public OllamaPlatform() {
        super(Api.named("ollama")
                .at("http://localhost:11434")
                .selfHosted()
                .declares(SERVER_LABEL)
                .inFlight(4)
                .calls(Wire.post(
                                "/api/embed",
                                """
                                {"model": "{model}", "input": "{texts}", "truncate": "{long-text}", "dimensions": "{dimensions}"}""",
                                Response.class)
                        .with(
                                Parameter.longText(true, false).except(true).inFingerprint("truncate"),
                                Parameter.dimensions())
                        .faults(Rule.words("", Cause.LOADING).at(503))
                        .budgets(256, Integer.MAX_VALUE, Long.MAX_VALUE, 8 << 20)));
    }

    record Response(List<float[]> embeddings, @JsonProperty("prompt_eval_count") Long promptEvalCount, JsonNode error)
            implements Success {
        @Override
        public List<float[]> vectors(int texts) {
            return Success.inOrder(embeddings, texts, Function.identity());
        }

        @Override
        public OptionalLong tokens() {
            return promptEvalCount == null ? OptionalLong.empty() : OptionalLong.of(promptEvalCount);
        }
    }
}
