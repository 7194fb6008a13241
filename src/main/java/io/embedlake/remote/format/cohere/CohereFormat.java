package io.embedlake.remote.format.cohere;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.Encoding;
import io.embedlake.remote.format.common.JsonFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.format.json.Frame;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** {@code POST /v2/embed} of Cohere. Stateless. */
public final class CohereFormat {
    /** Cohere's own base URL. */
    public static final String ENDPOINT = "https://api.cohere.com";

    private static final Set<Integer> DIMENSIONS = Set.of(256, 512, 1024, 1536);
    private static final int TEXTS = 96;
    private static final long CALL_TOKENS = 128_000;

    private CohereFormat() {}

    /**
     * The options. Immutable.
     *
     * @param model its name
     * @param inputType what the texts are
     * @param truncate where long texts are cut; their end goes by default
     * @param dimensions the length of vectors; for embed-v4.0
     * @param maxTokens where long texts are cut; for embed-v4.0
     * @param encoding how vectors are sent
     */
    public record Settings(
            String model,
            InputType inputType,
            Truncate truncate,
            OptionalInt dimensions,
            OptionalInt maxTokens,
            Encoding encoding) {
        public Settings {
            Options.requireName("model", model);
            dimensions.ifPresent(number ->
                    Options.require("dimensions", number, DIMENSIONS.contains(number), "256, 512, 1024 or 1536"));
            Options.requirePositive("max-tokens", maxTokens);
        }
    }

    /** The type of vectors is always sent: some versions of the API refuse a request without it. */
    record Request(
            String model,
            @JsonProperty("input_type") InputType inputType,
            @JsonProperty("embedding_types") List<String> embeddingTypes,
            Optional<Truncate> truncate,
            @JsonProperty("output_dimension") OptionalInt outputDimension,
            @JsonProperty("max_tokens") OptionalInt maxTokens,
            List<String> texts) {}

    /** The format for a model. */
    public static ModelFormat of(Settings settings) {
        Optional<Truncate> truncate = Optional.of(settings.truncate()).filter(where -> where != Truncate.END);
        return new JsonFormat(
                "/v2/embed",
                Frame.ofList(texts -> new Request(
                        settings.model(),
                        settings.inputType(),
                        List.of(settings.encoding().sent().orElse("float")),
                        truncate,
                        settings.dimensions(),
                        settings.maxTokens(),
                        texts)),
                JsonFormat.reading(ListedVectors.class),
                ErrorClassifier.with(
                        // A trial key has a thousand calls a month: no wait within a job helps.
                        Rule.words("trial|month", Cause.QUOTA).at(429),
                        Rule.tooMuch("TOO_MANY_TOKENS|too many tokens", Budgets.Part.TEXT_TOKENS)
                                .at(400, 422),
                        Rule.words("valid input_type must be provided|embedding_types parameter", Cause.BAD_OPTION),
                        Rule.words("unprocessable|unknown field", Cause.BAD_OPTION)
                                .at(422)),
                new Budgets(TEXTS, textTokens(settings), CALL_TOKENS, 8 << 20),
                settings.dimensions(),
                Options.of("cohere", settings.model())
                        .with("input-type", Optional.of(settings.inputType()))
                        .with("truncate", truncate)
                        .with("dimensions", settings.dimensions())
                        .with("max-tokens", settings.maxTokens())
                        .map());
    }

    private static int textTokens(Settings settings) {
        return settings.maxTokens().orElse(settings.model().contains("v3") ? 512 : (int) CALL_TOKENS);
    }
}
