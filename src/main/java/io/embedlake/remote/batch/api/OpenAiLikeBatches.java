package io.embedlake.remote.batch.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.batch.BatchStatus;
import io.embedlake.remote.batch.BatchStatus.State;
import io.embedlake.remote.format.ModelFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Batches as OpenAI and Voyage keep them. Immutable. */
abstract class OpenAiLikeBatches extends FileBatches {
    private static final int PAGE = 100;

    private final String path;

    /** @param base what the paths of files and batches begin with */
    OpenAiLikeBatches(BatchHttp http, ModelFormat format, String base) {
        super(http, format, base + "/files");
        this.path = base + "/batches";
    }

    /** Creates a batch, in a single attempt. */
    final String submit(Map<String, Object> request, String marker) {
        Map<String, Object> marked = new HashMap<>(request);
        marked.put("endpoint", "/v1/embeddings");
        marked.put("metadata", Map.of(MARKER, marker));
        return JobFiles.required(http().postOnce(path, marked).path("id").asText(), "the id of a batch");
    }

    /** Looks through all pages, the newest batches first. */
    @Override
    public final Optional<String> find(String marker) {
        String after = "";
        while (true) {
            JsonNode page = http().get(path + "?limit=" + PAGE + (after.isEmpty() ? "" : "&after=" + after));
            for (JsonNode batch : page.path("data")) {
                after = JobFiles.segment(batch.path("id").asText());
                if (batch.path("metadata").path(MARKER).asText().equals(marker)) {
                    return Optional.of(batch.path("id").asText());
                }
            }
            if (!page.path("has_more").asBoolean() || page.path("data").isEmpty()) {
                return Optional.empty();
            }
        }
    }

    @Override
    public final BatchStatus look(String batch) {
        JsonNode json = http().get(path + "/" + JobFiles.segment(batch));
        List<String> results = Stream.of("output_file_id", "error_file_id")
                .map(name -> json.path(name).asText(""))
                .filter(id -> !id.isEmpty() && !id.equals("null"))
                .toList();
        return new BatchStatus(state(json), results, reason(json));
    }

    private static State state(JsonNode json) {
        return switch (json.path("status").asText()) {
            case "completed" -> State.DONE;
            case "expired" -> State.EXPIRED;
            case "cancelled" -> State.CANCELLED;
            case "failed" ->
                json.path("errors").toString().contains("token_limit_exceeded") ? State.QUEUE_FULL : State.FAILED;
            // validating, in_progress, finalizing, cancelling, and what may be added to them.
            default -> State.RUNNING;
        };
    }

    /** The code of the first error: its message may quote a line. */
    private static String reason(JsonNode json) {
        JsonNode first = json.path("errors").path("data").path(0);
        String code = first.path("code").asText("").replaceAll("[^A-Za-z0-9_.-]", "");
        return code
                + (first.path("line").isInt() ? " in line " + first.path("line").asInt() : "");
    }
}
