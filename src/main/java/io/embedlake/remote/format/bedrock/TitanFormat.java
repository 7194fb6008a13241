package io.embedlake.remote.format.bedrock;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.JsonFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.format.common.Switch;
import io.embedlake.remote.format.json.Frame;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** Amazon's Titan text embeddings: one text a call. Stateless. */
public final class TitanFormat {
    private static final Set<Integer> DIMENSIONS = Set.of(256, 512, 1024);

    private TitanFormat() {}

    /**
     * What may be set; version 1 takes neither. Immutable.
     *
     * @param model its id, such as {@code amazon.titan-embed-text-v2:0}
     * @param dimensions the length of vectors
     * @param normalize whether vectors are brought to length 1, as they are by default
     */
    public record Settings(String model, OptionalInt dimensions, Switch normalize) {
        public Settings {
            Options.requireName("model", model);
            dimensions.ifPresent(
                    number -> Options.require("dimensions", number, DIMENSIONS.contains(number), "256, 512 or 1024"));
            boolean first = model.contains("titan-embed-text-v1");
            Options.require(
                    "dimensions", dimensions.orElse(0), !first || dimensions.isEmpty(), model + " has one length only");
            Options.require("normalize", normalize, !first || normalize == Switch.DEFAULT, model + " cannot be told");
        }
    }

    record Request(String inputText, OptionalInt dimensions, Optional<Boolean> normalize) {}

    record Response(float[] embedding, Long inputTextTokenCount) implements Success {
        @Override
        public List<float[]> vectors(int texts) {
            return Success.inOrder(Collections.singletonList(embedding), texts, Function.identity());
        }

        @Override
        public OptionalLong tokens() {
            return inputTextTokenCount == null ? OptionalLong.empty() : OptionalLong.of(inputTextTokenCount);
        }
    }

    /** The format for a model. */
    public static ModelFormat of(Settings settings) {
        return new JsonFormat(
                Bedrock.path(settings.model()),
                Frame.ofOne(text -> new Request(
                        text, settings.dimensions(), settings.normalize().sent())),
                JsonFormat.reading(Response.class),
                Bedrock.FAULTS,
                new Budgets(1, 8192, 8192, 1 << 20),
                settings.dimensions(),
                Options.of("bedrock", settings.model())
                        .with("dimensions", settings.dimensions())
                        .with("normalize", settings.normalize())
                        .map());
    }
}
