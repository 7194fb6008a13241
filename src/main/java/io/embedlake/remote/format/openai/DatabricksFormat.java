package io.embedlake.remote.format.openai;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.JsonFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.json.Frame;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code POST /serving-endpoints/NAME/invocations} of a Databricks workspace. Stateless. */
public final class DatabricksFormat {
    /** How many texts a call takes is not documented. */
    private static final int TEXTS = 150;

    private DatabricksFormat() {}

    /**
     * The options. Immutable.
     *
     * @param endpoint the name of the serving endpoint
     * @param instruction the instruction before each text, for models that support it
     */
    public record Settings(String endpoint, Optional<String> instruction) {
        public Settings {
            Options.requireName("model", endpoint);
            instruction.ifPresent(text -> Options.requireName("instruction", text));
        }
    }

    record Request(List<String> input, Optional<String> instruction) {}

    /** The format for an endpoint. */
    public static ModelFormat of(Settings settings) {
        return new JsonFormat(
                "/serving-endpoints/" + Options.pathSegment(settings.endpoint()) + "/invocations",
                Frame.ofList(texts -> new Request(texts, settings.instruction())),
                JsonFormat.reading(NumberedVectors.class),
                ErrorClassifier.with(),
                new Budgets(TEXTS, settings.endpoint().contains("bge") ? 512 : 8192, Long.MAX_VALUE, 4 << 20),
                OptionalInt.empty(),
                Options.of("databricks", settings.endpoint())
                        .with("instruction", settings.instruction())
                        .map());
    }
}
