package io.embedlake.remote.format.openai;

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

/** {@code POST /v1/embeddings} of Mistral, which rejects unknown fields. Stateless. */
public final class MistralFormat {
    /** Mistral's own base URL. */
    public static final String ENDPOINT = "https://api.mistral.ai";

    /** The documented limits of tokens per call are 16,000 and 8,192; this satisfies both. */
    private static final Budgets BUDGETS = new Budgets(256, 8192, 8000, 8 << 20);

    private MistralFormat() {}

    /**
     * The options. Immutable.
     *
     * @param model its name
     * @param dimensions the length of vectors; for codestral-embed
     * @param encoding how vectors are sent
     */
    public record Settings(String model, OptionalInt dimensions, Encoding encoding) {
        public Settings {
            Options.requireName("model", model);
            Options.requirePositive("dimensions", dimensions);
        }
    }

    record Request(
            List<String> input,
            String model,
            @JsonProperty("output_dimension") OptionalInt outputDimension,
            @JsonProperty("encoding_format") Optional<String> encodingFormat) {}

    /** The format for a model. */
    public static ModelFormat of(Settings settings) {
        return new JsonFormat(
                "/v1/embeddings",
                Frame.ofList(texts -> new Request(
                        texts,
                        settings.model(),
                        settings.dimensions(),
                        settings.encoding().sent())),
                JsonFormat.reading(NumberedVectors.class),
                ErrorClassifier.with(
                        Rule.tooMuch("too many tokens", Budgets.Part.CALL_TOKENS)
                                .at(400),
                        Rule.tooMuch("\\b3210\\b", Budgets.Part.TEXTS).at(400),
                        Rule.words("invalid_model|invalid model", Cause.NOT_FOUND)
                                .at(400)),
                BUDGETS,
                settings.dimensions(),
                Options.of("mistral", settings.model())
                        .with("dimensions", settings.dimensions())
                        .map());
    }
}
