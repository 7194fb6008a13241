package io.embedlake.remote.format.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.Encoding;
import io.embedlake.remote.format.common.JsonFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.common.Switch;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.json.Frame;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code POST /embeddings} of vLLM, which refuses long texts unless the request truncates them. Stateless. */
public final class VllmFormat {
    private static final Budgets BUDGETS = new Budgets(256, Integer.MAX_VALUE, Long.MAX_VALUE, 8 << 20);

    private VllmFormat() {}

    /**
     * The options. Immutable.
     *
     * @param model its name
     * @param dimensions the length of vectors; for models that were trained for it
     * @param truncateTokens how many tokens of a text are kept; -1 for as many as the model takes
     * @param normalize whether vectors are brought to length 1
     * @param encoding how vectors are sent
     */
    public record Settings(
            String model, OptionalInt dimensions, OptionalInt truncateTokens, Switch normalize, Encoding encoding) {
        public Settings {
            Options.requireName("model", model);
            Options.requirePositive("dimensions", dimensions);
            int tokens = truncateTokens.orElse(-1);
            Options.require("truncate-tokens", tokens, tokens == -1 || tokens > 0, "-1, or 1 or more");
        }
    }

    record Request(
            List<String> input,
            String model,
            OptionalInt dimensions,
            @JsonProperty("truncate_prompt_tokens") OptionalInt truncatePromptTokens,
            Optional<Boolean> normalize,
            @JsonProperty("encoding_format") Optional<String> encodingFormat) {}

    /** The format for a model. */
    public static ModelFormat of(Settings settings) {
        return new JsonFormat(
                "/embeddings",
                Frame.ofList(texts -> new Request(
                        texts,
                        settings.model(),
                        settings.dimensions(),
                        settings.truncateTokens(),
                        settings.normalize().sent(),
                        settings.encoding().sent())),
                JsonFormat.reading(NumberedVectors.class),
                ErrorClassifier.with(),
                BUDGETS,
                settings.dimensions(),
                Options.of("vllm", settings.model())
                        .with("dimensions", settings.dimensions())
                        .with("truncate-tokens", settings.truncateTokens())
                        .with("normalize", settings.normalize())
                        .map());
    }
}
