package io.embedlake.remote.format.google;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.JsonFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.format.json.Frame;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code :batchEmbedContents} of the Gemini API: each text is a request within the call, because several parts of one content become one
 * vector. Its replies name neither index nor tokens. Stateless.
 */
public final class GeminiFormat {
    /** The API's base URL. */
    public static final String ENDPOINT = "https://generativelanguage.googleapis.com";

    private static final long BODY_BYTES = 4_194_304;

    private GeminiFormat() {}

    /**
     * The options. Immutable.
     *
     * @param model its name, without {@code models/}
     * @param taskType what the vectors are for; gemini-embedding-2 expects it in the text
     * @param dimensions the length of vectors; those of gemini-embedding-001 with fewer than 3072 do not come with length 1
     */
    public record Settings(String model, Optional<TaskType> taskType, OptionalInt dimensions) {
        public Settings {
            Options.requireName("model", model);
            Options.require("model", model, !model.contains("/"), "a name without models/");
            Options.requirePositive("dimensions", dimensions);
            taskType.ifPresent(type -> Options.require(
                    "task-type", type, !model.startsWith("gemini-embedding-2"), "a template says it for " + model));
        }
    }

    record Request(List<Item> requests) {}

    record Item(String model, Content content, Optional<TaskType> taskType, OptionalInt outputDimensionality) {}

    record Content(List<Part> parts) {}

    record Part(String text) {}

    record Response(List<Embedding> embeddings, JsonNode error) implements Success {
        record Embedding(float[] values) {}

        @Override
        public List<float[]> vectors(int texts) {
            return Success.inOrder(embeddings, texts, Embedding::values);
        }
    }

    /** The format for a model. */
    public static ModelFormat of(Settings settings) {
        return new JsonFormat(
                "/v1beta/models/" + Options.pathSegment(settings.model()) + ":batchEmbedContents",
                Frame.ofList(texts -> new Request(texts.stream()
                        .map(text -> new Item(
                                "models/" + settings.model(),
                                new Content(List.of(new Part(text))),
                                settings.taskType(),
                                settings.dimensions()))
                        .toList())),
                JsonFormat.reading(Response.class),
                GoogleRules.FAULTS,
                new Budgets(
                        100,
                        settings.model().startsWith("gemini-embedding-2") ? 8192 : 2048,
                        Long.MAX_VALUE,
                        BODY_BYTES),
                settings.dimensions(),
                Options.of("gemini", settings.model())
                        .with("task-type", settings.taskType())
                        .with("dimensions", settings.dimensions())
                        .map());
    }
}
