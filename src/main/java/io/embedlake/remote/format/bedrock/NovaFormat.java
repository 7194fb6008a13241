package io.embedlake.remote.format.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.cohere.Truncate;
import io.embedlake.remote.format.common.JsonFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.format.json.Frame;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Amazon's Nova embeddings: one text a call, and nothing of the request left to a default. Stateless. */
public final class NovaFormat {
    private NovaFormat() {}

    /**
     * What must be set. Immutable.
     *
     * @param model its id, such as {@code amazon.nova-2-multimodal-embeddings-v1:0}
     * @param purpose what the vectors are for, such as {@code GENERIC_RETRIEVAL}
     * @param dimensions the length of vectors
     * @param truncate where long texts are cut
     */
    public record Settings(String model, String purpose, int dimensions, Truncate truncate) {
        public Settings {
            Options.requireName("model", model);
            Options.require("purpose", purpose, purpose.matches("[A-Z_]{3,60}"), "such as GENERIC_RETRIEVAL");
            Options.require("dimensions", dimensions, dimensions > 0, "1 or more");
        }
    }

    record Request(String taskType, Parameters singleEmbeddingParams) {
        record Parameters(String embeddingPurpose, int embeddingDimension, Text text) {}

        record Text(String truncationMode, String value) {}
    }

    record Response(List<Embedding> embeddings, JsonNode error) implements Success {
        record Embedding(float[] embedding) {}

        @Override
        public List<float[]> vectors(int texts) {
            return Success.inOrder(embeddings, texts, Embedding::embedding);
        }
    }

    /** The format for a model. */
    public static ModelFormat of(Settings settings) {
        return new JsonFormat(
                Bedrock.path(settings.model()),
                Frame.ofOne(text -> new Request(
                        "SINGLE_EMBEDDING",
                        new Request.Parameters(
                                settings.purpose(),
                                settings.dimensions(),
                                new Request.Text(settings.truncate().name(), text)))),
                JsonFormat.reading(Response.class),
                Bedrock.FAULTS,
                new Budgets(1, 8192, 8192, 1 << 20),
                OptionalInt.of(settings.dimensions()),
                Options.of("bedrock", settings.model())
                        .with("purpose", Optional.of(settings.purpose()))
                        .with("dimensions", Optional.of(settings.dimensions()))
                        .with("truncate", Optional.of(settings.truncate()))
                        .map());
    }
}
