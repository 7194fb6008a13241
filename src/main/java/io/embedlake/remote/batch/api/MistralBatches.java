package io.embedlake.remote.batch.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.remote.batch.BatchLimits;
import io.embedlake.remote.batch.BatchStatus;
import io.embedlake.remote.batch.BatchStatus.State;
import io.embedlake.remote.batch.BatchText;
import io.embedlake.remote.format.ModelFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Mistral: {@code /v1/files} and {@code /v1/batch/jobs}; the job names the model, the lines do not. Immutable. */
public final class MistralBatches extends FileBatches {
    /** A workspace may have a million requests pending; a batch of ours is a part of that. The bytes are not documented. */
    public static final BatchLimits LIMITS = new BatchLimits(100_000, 200_000_000);

    private static final String PATH = "/v1/batch/jobs";
    private static final String MODEL = "model";
    private static final int PAGE = 100;

    public MistralBatches(BatchHttp http, ModelFormat format) {
        super(http, format, "/v1/files");
    }

    @Override
    public BatchLimits limits() {
        return LIMITS;
    }

    @Override
    public byte[] line(BatchText text) {
        ObjectNode body = RequestLine.request(format(), text.text());
        body.remove(MODEL);
        return RequestLine.around("{\"custom_id\":\"" + text.id() + "\",\"body\":", body, "}\n");
    }

    @Override
    public String submit(String file, String marker) {
        String model = RequestLine.request(format(), "model").path(MODEL).asText();
        return JobFiles.required(
                http().postOnce(
                                PATH,
                                Map.of(
                                        "input_files",
                                        List.of(file),
                                        "endpoint",
                                        "/v1/embeddings",
                                        MODEL,
                                        model,
                                        "timeout_hours",
                                        24,
                                        "metadata",
                                        Map.of(MARKER, marker)))
                        .path("id")
                        .asText(),
                "the id of a job");
    }

    @Override
    public Optional<String> find(String marker) {
        for (int number = 0; ; number++) {
            JsonNode page = http().get(PATH + "?page=" + number + "&page_size=" + PAGE);
            for (JsonNode job : page.path("data")) {
                if (job.path("metadata").path(MARKER).asText().equals(marker)) {
                    return Optional.of(job.path("id").asText());
                }
            }
            if (page.path("data").size() < PAGE) {
                return Optional.empty();
            }
        }
    }

    @Override
    public BatchStatus look(String batch) {
        JsonNode job = http().get(PATH + "/" + JobFiles.segment(batch));
        List<String> results = Stream.of("output_file", "error_file")
                .map(name -> job.path(name).asText(""))
                .filter(id -> !id.isEmpty() && !id.equals("null"))
                .toList();
        State state =
                switch (job.path("status").asText()) {
                    case "SUCCESS" -> State.DONE;
                    case "TIMEOUT_EXCEEDED" -> State.EXPIRED;
                    case "CANCELLED" -> State.CANCELLED;
                    case "FAILED" -> State.FAILED;
                    // QUEUED, RUNNING, CANCELLATION_REQUESTED.
                    default -> State.RUNNING;
                };
        return new BatchStatus(state, results, state == State.FAILED ? "the job failed" : "");
    }
}
