package io.embedlake.remote.format.bedrock;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.cohere.InputType;
import io.embedlake.remote.format.cohere.ListedVectors;
import io.embedlake.remote.format.cohere.Truncate;
import io.embedlake.remote.format.common.JsonFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.json.Frame;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Cohere's models on Bedrock, which refuse long texts by default. Stateless. */
public final class BedrockCohereFormat {
    private BedrockCohereFormat() {}

    /**
     * The options. Immutable.
     *
     * @param model its id, or that of an inference profile, such as {@code us.cohere.embed-v4:0}
     * @param inputType what the texts are
     * @param truncate where long texts are cut; nowhere by default
     * @param dimensions the length of vectors; for version 4
     * @param maxTokens where long texts are cut; for version 4
     */
    public record Settings(
            String model, InputType inputType, Truncate truncate, OptionalInt dimensions, OptionalInt maxTokens) {
        public Settings {
            Options.requireName("model", model);
            Options.requirePositive("dimensions", dimensions);
            Options.requirePositive("max-tokens", maxTokens);
            Options.require(
                    "dimensions",
                    dimensions.orElse(0),
                    dimensions.isEmpty() || !model.contains("-v3"),
                    model + " has one length only");
        }
    }

    record Request(
            @JsonProperty("input_type") InputType inputType,
            Optional<Truncate> truncate,
            @JsonProperty("output_dimension") OptionalInt outputDimension,
            @JsonProperty("max_tokens") OptionalInt maxTokens,
            List<String> texts) {}

    /** The format for a model. */
    public static ModelFormat of(Settings settings) {
        Optional<Truncate> truncate = Optional.of(settings.truncate()).filter(where -> where != Truncate.NONE);
        return new JsonFormat(
                Bedrock.path(settings.model()),
                Frame.ofList(texts -> new Request(
                        settings.inputType(), truncate, settings.dimensions(), settings.maxTokens(), texts)),
                JsonFormat.reading(ListedVectors.class),
                Bedrock.FAULTS,
                new Budgets(96, settings.model().contains("-v3") ? 512 : 128_000, 128_000, 8 << 20),
                settings.dimensions(),
                Options.of("bedrock", settings.model())
                        .with("input-type", Optional.of(settings.inputType()))
                        .with("truncate", truncate)
                        .with("dimensions", settings.dimensions())
                        .with("max-tokens", settings.maxTokens())
                        .map());
    }
}
