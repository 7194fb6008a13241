package io.embedlake.remote.format.ollama;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.JsonFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.format.common.Switch;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.format.json.Frame;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/** {@code POST /api/embed} of Ollama. Stateless. */
public final class OllamaFormat {
    /** Its default address. */
    public static final String ENDPOINT = "http://localhost:11434";

    /** Ollama documents no limit of a list; longer ones only make a failure more expensive. */
    private static final Budgets BUDGETS = new Budgets(256, Integer.MAX_VALUE, Long.MAX_VALUE, 8 << 20);

    private OllamaFormat() {}

    /**
     * The options. Immutable.
     *
     * @param model its name and tag
     * @param truncate whether long texts are cut, which they are by default, or refused
     * @param dimensions the length of vectors
     * @param contextTokens how many tokens the model is loaded for
     * @param keepAlive how long the model stays loaded, as in {@code 5m}
     */
    public record Settings(
            String model,
            Switch truncate,
            OptionalInt dimensions,
            OptionalInt contextTokens,
            Optional<String> keepAlive) {
        public Settings {
            Options.requireName("model", model);
            Options.requirePositive("dimensions", dimensions);
            Options.requirePositive("context-tokens", contextTokens);
            keepAlive.ifPresent(span -> Options.require(
                    "keep-alive", span, span.matches("-1|(\\d+(ms|h|m|s))+"), "such as 5m, or -1 for always"));
        }

        /** The model's defaults. */
        public static Settings of(String model) {
            return new Settings(model, Switch.DEFAULT, OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
        }
    }

    record Request(
            String model,
            List<String> input,
            Optional<Boolean> truncate,
            OptionalInt dimensions,
            Map<String, Integer> options,
            @JsonProperty("keep_alive") Optional<String> keepAlive) {}

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

    /** The format for a model. */
    public static ModelFormat of(Settings settings) {
        Switch truncate = settings.truncate() == Switch.OFF ? Switch.OFF : Switch.DEFAULT;
        return new JsonFormat(
                "/api/embed",
                Frame.ofList(texts -> new Request(
                        settings.model(),
                        texts,
                        truncate.sent(),
                        settings.dimensions(),
                        settings.contextTokens().isPresent()
                                ? Map.of("num_ctx", settings.contextTokens().getAsInt())
                                : Map.of(),
                        settings.keepAlive())),
                JsonFormat.reading(Response.class),
                ErrorClassifier.with(Rule.words("", Cause.LOADING).at(503)),
                BUDGETS,
                settings.dimensions(),
                Options.of("ollama", settings.model())
                        .with("truncate", truncate)
                        .with("dimensions", settings.dimensions())
                        .with("context-tokens", settings.contextTokens())
                        .map());
    }
}
