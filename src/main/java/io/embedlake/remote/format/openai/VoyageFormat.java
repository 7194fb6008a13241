package io.embedlake.remote.format.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.Encoding;
import io.embedlake.remote.format.common.JsonFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.common.Switch;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.format.json.Frame;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** {@code POST /v1/embeddings} of Voyage AI. Stateless. */
public final class VoyageFormat {
    /** Voyage's own base URL. */
    public static final String ENDPOINT = "https://api.voyageai.com";

    private static final Set<Integer> DIMENSIONS = Set.of(256, 512, 1024, 2048);

    private VoyageFormat() {}

    /** What the texts are; the server puts an instruction before them, whose tokens count. */
    public enum InputType {
        /** Queries. */
        QUERY,
        /** Documents. */
        DOCUMENT
    }

    /**
     * The options. Immutable.
     *
     * @param model its name
     * @param inputType what the texts are
     * @param truncation whether long texts are cut, which they are by default, or refused
     * @param dimensions the length of vectors
     * @param encoding how vectors are sent
     */
    public record Settings(
            String model, Optional<InputType> inputType, Switch truncation, OptionalInt dimensions, Encoding encoding) {
        public Settings {
            Options.requireName("model", model);
            dimensions.ifPresent(number ->
                    Options.require("dimensions", number, DIMENSIONS.contains(number), "256, 512, 1024 or 2048"));
        }
    }

    record Request(
            List<String> input,
            String model,
            @JsonProperty("input_type") Optional<String> inputType,
            Optional<Boolean> truncation,
            @JsonProperty("output_dimension") OptionalInt outputDimension,
            @JsonProperty("encoding_format") Optional<String> encodingFormat) {}

    /** The format for a model. */
    public static ModelFormat of(Settings settings) {
        Optional<String> inputType =
                settings.inputType().map(type -> type.name().toLowerCase(Locale.ROOT));
        return new JsonFormat(
                "/v1/embeddings",
                Frame.ofList(texts -> new Request(
                        texts,
                        settings.model(),
                        inputType,
                        settings.truncation().sent().filter(Boolean.FALSE::equals),
                        settings.dimensions(),
                        settings.encoding().sent())),
                JsonFormat.reading(NumberedVectors.class),
                ErrorClassifier.with(
                        Rule.words("model \\S+ is not supported", Cause.NOT_FOUND)
                                .at(400),
                        Rule.tooMuch("batch size limit is (?<cap>\\d+)", Budgets.Part.TEXTS),
                        Rule.tooMuch(
                                "max allowed tokens per submitted batch is (?<cap>\\d+)", Budgets.Part.CALL_TOKENS)),
                budgets(settings.model()),
                settings.dimensions(),
                Options.of("voyage", settings.model())
                        .with("input-type", inputType)
                        .with("truncation", settings.truncation() == Switch.OFF ? Switch.OFF : Switch.DEFAULT)
                        .with("dimensions", settings.dimensions())
                        .map());
    }

    /** Tokens of a call by the size of the model, and a tenth of them kept back because they are estimated. */
    private static Budgets budgets(String model) {
        long callTokens = model.contains("-lite")
                ? 900_000
                : Set.of("voyage-4", "voyage-3.5", "voyage-2").contains(model) ? 288_000 : 108_000;
        return new Budgets(1000, model.contains("law-2") ? 16_000 : 32_000, callTokens, 8 << 20);
    }
}
