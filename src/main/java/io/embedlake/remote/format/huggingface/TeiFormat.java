package io.embedlake.remote.format.huggingface;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.JsonFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.common.Switch;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.format.json.Frame;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code POST /embed} of text-embeddings-inference, which an Inference Endpoint of Hugging Face runs too. Stateless. */
public final class TeiFormat {
    /** For a server that has not been asked for its own. */
    public static final Budgets BUDGETS = new Budgets(32, Integer.MAX_VALUE, Long.MAX_VALUE, TeiInfo.BODY_BYTES);

    /** A front end answers while a container that was scaled to zero starts, for minutes. */
    static final ErrorClassifier FAULTS = ErrorClassifier.with(
            Rule.words("Overloaded", Cause.RATE).at(429),
            Rule.tooMuch("batch size \\d+ > maximum allowed batch size (?<cap>\\d+)", Budgets.Part.TEXTS),
            Rule.words("\\bTokenizer\\b|`inputs` cannot be empty", Cause.BAD_TEXT)
                    .at(400, 422),
            Rule.words("", Cause.LOADING).at(502, 503));

    private TeiFormat() {}

    /** Which end of a long text is truncated. */
    public enum Direction {
        /** Its end. */
        RIGHT,
        /** Its beginning. */
        LEFT
    }

    /**
     * The options. Immutable.
     *
     * @param model the name of the served model, for the fingerprint; it is not sent
     * @param truncate whether long texts are cut; the server has its own setting
     * @param direction which end is cut
     * @param promptName which of the model's prompts is put before each text
     * @param normalize whether vectors are brought to length 1, as they are by default
     * @param dimensions the length of vectors
     */
    public record Settings(
            String model,
            Switch truncate,
            Direction direction,
            Optional<String> promptName,
            Switch normalize,
            OptionalInt dimensions) {
        public Settings {
            Options.requireName("model", model);
            promptName.ifPresent(name -> Options.requireName("prompt-name", name));
            Options.requirePositive("dimensions", dimensions);
        }

        /** The server's defaults. */
        public static Settings of(String model) {
            return new Settings(
                    model, Switch.DEFAULT, Direction.RIGHT, Optional.empty(), Switch.DEFAULT, OptionalInt.empty());
        }

        Optional<String> sentDirection() {
            return direction == Direction.LEFT ? Optional.of("left") : Optional.empty();
        }

        Options vectorOptions(String api) {
            return Options.of(api, model)
                    .with("truncate", truncate)
                    .with("direction", sentDirection())
                    .with("prompt-name", promptName)
                    .with("normalize", normalize)
                    .with("dimensions", dimensions);
        }
    }

    record Request(
            List<String> inputs,
            Optional<Boolean> truncate,
            @JsonProperty("truncation_direction") Optional<String> truncationDirection,
            @JsonProperty("prompt_name") Optional<String> promptName,
            Optional<Boolean> normalize,
            OptionalInt dimensions) {}

    /**
     * The format for a server.
     *
     * @param budgets the server's limits, best those of {@link TeiInfo}
     */
    public static ModelFormat of(Settings settings, Budgets budgets) {
        return of("/embed", settings, budgets, "tei");
    }

    static ModelFormat of(String path, Settings settings, Budgets budgets, String api) {
        return new JsonFormat(
                path,
                Frame.ofList(texts -> new Request(
                        texts,
                        settings.truncate().sent(),
                        settings.sentDirection(),
                        settings.promptName(),
                        settings.normalize().sent(),
                        settings.dimensions())),
                JsonFormat.reading(BareVectors.class),
                FAULTS,
                budgets,
                settings.dimensions(),
                settings.vectorOptions(api).map());
    }
}
