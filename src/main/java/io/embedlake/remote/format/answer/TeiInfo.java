package io.embedlake.remote.format.answer;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.embedlake.remote.format.json.Json;
import io.embedlake.remote.format.json.WrongAnswer;
import java.util.Map;

/**
 * What a server of text-embeddings-inference reports at {@code /info}. Immutable.
 *
 * @param modelId the model that it serves
 * @param servedModelName its name on the server; the model by default
 * @param modelSha its revision; empty if unknown
 * @param dtype what it computes in
 * @param modelType what it is for, with its settings
 * @param maxInputLength the most tokens of a text
 * @param maxClientBatchSize the most texts of a call
 * @param autoTruncate whether it truncates long texts silently
 */
public record TeiInfo(
        @JsonProperty("model_id") String modelId,
        @JsonProperty("served_model_name") String servedModelName,
        @JsonProperty("model_sha") String modelSha,
        @JsonProperty("model_dtype") String dtype,
        @JsonProperty("model_type") Map<String, Map<String, Object>> modelType,
        @JsonProperty("max_input_length") int maxInputLength,
        @JsonProperty("max_client_batch_size") int maxClientBatchSize,
        @JsonProperty("auto_truncate") boolean autoTruncate) {
    public TeiInfo {
        modelSha = modelSha == null ? "" : modelSha;
        dtype = dtype == null ? "" : dtype;
        servedModelName = servedModelName == null ? modelId : servedModelName;
        modelType = modelType == null ? Map.of() : modelType;
        if (modelId == null || maxInputLength < 1 || maxClientBatchSize < 1) {
            throw new WrongAnswer("this is not what text-embeddings-inference says of itself");
        }
    }

    /**
     * Reads the body of a reply of {@code /info}.
     *
     * @throws WrongAnswer when it is malformed
     */
    public static TeiInfo read(byte[] body) {
        return Json.read(body, TeiInfo.class);
    }

    /** Whether it serves this model: by its own name, or by what it is called there. */
    public boolean serves(String model) {
        return model.equalsIgnoreCase(modelId) || model.equalsIgnoreCase(servedModelName);
    }

    /** How the vectors of tokens become that of a text; an empty text where it makes none. */
    public String pooling() {
        return String.valueOf(modelType.getOrDefault("embedding", Map.of()).getOrDefault("pooling", ""));
    }
}
