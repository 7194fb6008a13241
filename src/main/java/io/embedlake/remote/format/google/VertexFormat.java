package io.embedlake.remote.format.google;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.JsonFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.format.common.Switch;
import io.embedlake.remote.format.json.Frame;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@code :predict} of a text-embedding model of Vertex AI. Stateless. */
public final class VertexFormat {
    private static final int TEXT_TOKENS = 2048;

    private VertexFormat() {}

    /**
     * The options. Immutable.
     *
     * @param project the project that pays
     * @param location where it runs, such as {@code europe-west4}
     * @param model its name
     * @param taskType what the vectors are for
     * @param autoTruncate whether long texts are cut, which they are by default, or refused
     * @param dimensions the length of vectors
     */
    public record Settings(
            String project,
            String location,
            String model,
            Optional<TaskType> taskType,
            Switch autoTruncate,
            OptionalInt dimensions) {
        public Settings {
            Options.requireName("project", project);
            Options.require("location", location, location.matches("[a-z0-9-]+"), "such as europe-west4 or global");
            Options.requireName("model", model);
            Options.require(
                    "model",
                    model,
                    !model.startsWith("gemini-embedding-2"),
                    "it does not answer :predict; the Gemini API serves it");
            Options.requirePositive("dimensions", dimensions);
        }

        /** The base URL of the location. */
        public String endpoint() {
            return "https://" + (location.equals("global") ? "" : location + "-") + "aiplatform.googleapis.com";
        }
    }

    record Request(List<Instance> instances, Parameters parameters) {}

    record Instance(String content, @JsonProperty("task_type") Optional<TaskType> taskType) {}

    record Parameters(Optional<Boolean> autoTruncate, OptionalInt outputDimensionality) {}

    record Response(List<Prediction> predictions, JsonNode error) implements Success {
        record Prediction(Embeddings embeddings) {}

        record Embeddings(Statistics statistics, float[] values) {}

        record Statistics(@JsonProperty("token_count") Long tokenCount, Boolean truncated) {}

        @Override
        public List<float[]> vectors(int texts) {
            return Success.inOrder(
                    predictions,
                    texts,
                    prediction -> prediction.embeddings() == null
                            ? null
                            : prediction.embeddings().values());
        }

        /** The sum, where every text has its count. */
        @Override
        public OptionalLong tokens() {
            long sum = 0;
            for (Prediction prediction : predictions) {
                Statistics statistics = prediction.embeddings().statistics();
                if (statistics == null || statistics.tokenCount() == null) {
                    return OptionalLong.empty();
                }
                sum += statistics.tokenCount();
            }
            return OptionalLong.of(sum);
        }

        @Override
        public Set<Integer> cut() {
            return IntStream.range(0, predictions.size())
                    .filter(place -> isCut(predictions.get(place).embeddings().statistics()))
                    .boxed()
                    .collect(Collectors.toSet());
        }

        private static boolean isCut(Statistics statistics) {
            return statistics != null && Boolean.TRUE.equals(statistics.truncated());
        }
    }

    /** The format for a model. */
    public static ModelFormat of(Settings settings) {
        Switch truncate = settings.autoTruncate() == Switch.OFF ? Switch.OFF : Switch.DEFAULT;
        return new JsonFormat(
                "/v1/projects/" + Options.pathSegment(settings.project()) + "/locations/" + settings.location()
                        + "/publishers/google/models/" + Options.pathSegment(settings.model()) + ":predict",
                Frame.ofList(texts -> new Request(
                        texts.stream()
                                .map(text -> new Instance(text, settings.taskType()))
                                .toList(),
                        new Parameters(truncate.sent(), settings.dimensions()))),
                JsonFormat.reading(Response.class),
                GoogleRules.FAULTS,
                new Budgets(settings.model().equals("gemini-embedding-001") ? 1 : 250, TEXT_TOKENS, 20_000, 8 << 20),
                settings.dimensions(),
                Options.of("vertex", settings.model())
                        .with("task-type", settings.taskType())
                        .with("auto-truncate", truncate)
                        .with("dimensions", settings.dimensions())
                        .map());
    }
}
