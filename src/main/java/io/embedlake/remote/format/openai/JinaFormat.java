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
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code POST /v1/embeddings} of Jina AI. Late chunking is left out: it makes one context of all texts of a call, which are not of one
 * document here. Stateless.
 */
public final class JinaFormat {
    /** Jina's own base URL. */
    public static final String ENDPOINT = "https://api.jina.ai";

    private static final String TASKS =
            "retrieval\\.(query|passage)|text-matching|classification|separation|code\\.[a-z0-9._-]+";

    private JinaFormat() {}

    /**
     * The options. Immutable.
     *
     * @param model its name
     * @param task what the vectors are for, such as {@code retrieval.passage}
     * @param dimensions the length of vectors
     * @param truncate whether long texts are cut
     * @param normalized whether vectors are brought to length 1
     * @param encoding how vectors are sent
     */
    public record Settings(
            String model,
            Optional<String> task,
            OptionalInt dimensions,
            Switch truncate,
            Switch normalized,
            Encoding encoding) {
        public Settings {
            Options.requireName("model", model);
            Options.requirePositive("dimensions", dimensions);
            task.ifPresent(name -> Options.require(
                    "task",
                    name,
                    name.matches(TASKS),
                    "retrieval.query, retrieval.passage, text-matching, classification, separation or code."));
        }
    }

    record Request(
            List<String> input,
            String model,
            Optional<String> task,
            OptionalInt dimensions,
            Optional<Boolean> truncate,
            Optional<Boolean> normalized,
            @JsonProperty("embedding_type") Optional<String> embeddingType) {}

    /** The format for a model. */
    public static ModelFormat of(Settings settings) {
        return new JsonFormat(
                "/v1/embeddings",
                Frame.ofList(texts -> new Request(
                        texts,
                        settings.model(),
                        settings.task(),
                        settings.dimensions(),
                        settings.truncate().sent(),
                        settings.normalized().sent(),
                        settings.encoding().sent())),
                JsonFormat.reading(NumberedVectors.class),
                ErrorClassifier.with(
                        Rule.words("AUTHZ_INSUFFICIENT_BALANCE|insufficient.{0,20}balance", Cause.QUOTA),
                        Rule.words("CONFLICT_RESOURCE_BUSY", Cause.TRANSIENT)),
                new Budgets(2048, model4(settings) ? 32_768 : 8192, Long.MAX_VALUE, 8 << 20),
                settings.dimensions(),
                Options.of("jina", settings.model())
                        .with("task", settings.task())
                        .with("dimensions", settings.dimensions())
                        .with("truncate", settings.truncate())
                        .with("normalized", settings.normalized())
                        .map());
    }

    private static boolean model4(Settings settings) {
        return settings.model().contains("-v4");
    }
}
