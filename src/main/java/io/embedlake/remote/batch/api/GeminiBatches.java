package io.embedlake.remote.batch.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.remote.batch.BatchAnswer;
import io.embedlake.remote.batch.BatchApi;
import io.embedlake.remote.batch.BatchLimits;
import io.embedlake.remote.batch.BatchStatus;
import io.embedlake.remote.batch.BatchStatus.State;
import io.embedlake.remote.batch.BatchText;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.json.Json;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.RequestBody;

/**
 * The Gemini API: {@code :asyncBatchEmbedContent} with keyed files, never with inline texts, whose answers have been seen in another order.
 * Immutable.
 */
public final class GeminiBatches implements BatchApi {
    /** A file may have 2 GB; the most requests are not documented. */
    public static final BatchLimits LIMITS = new BatchLimits(50_000, 1_000_000_000);

    private static final String VERSION = "/v1beta/";
    private static final String KEY = "key";
    private static final int PAGE = 100;

    private final BatchHttp http;
    private final ModelFormat format;
    private final ResultLines lines;

    public GeminiBatches(BatchHttp http, ModelFormat format) {
        this.http = http;
        this.format = format;
        this.lines = new ResultLines(format);
    }

    @Override
    public BatchLimits limits() {
        return LIMITS;
    }

    @Override
    public byte[] line(BatchText text) {
        return RequestLine.around("{\"" + KEY + "\":\"" + text.id() + "\",\"request\":", request(text.text()), "}\n");
    }

    private JsonNode request(String text) {
        return RequestLine.request(format, text).path("requests").path(0);
    }

    /** Sent in two steps: announced, and then sent to the address that the answer names. */
    @Override
    public String upload(Path file, String marker) {
        String address = http.headerOf(
                "/upload" + VERSION + "files",
                Map.of("file", Map.of("displayName", marker)),
                Map.of(
                        "X-Goog-Upload-Protocol",
                        "resumable",
                        "X-Goog-Upload-Command",
                        "start",
                        "X-Goog-Upload-Header-Content-Length",
                        String.valueOf(size(file)),
                        "X-Goog-Upload-Header-Content-Type",
                        JobFiles.LINES.toString()),
                "x-goog-upload-url");
        JsonNode sent = http.sendTo(
                URI.create(JobFiles.required(address, "the address for a file")),
                RequestBody.create(file.toFile(), JobFiles.LINES),
                Map.of("X-Goog-Upload-Offset", "0", "X-Goog-Upload-Command", "upload, finalize"));
        return name(sent.path("file"), "files/");
    }

    @Override
    public String submit(String file, String marker) {
        JsonNode batch = http.postOnce(
                VERSION + request("model").path("model").asText() + ":asyncBatchEmbedContent",
                Map.of("batch", Map.of("displayName", marker, "inputConfig", Map.of("fileName", file))));
        return name(batch, "batches/");
    }

    @Override
    public Optional<String> find(String marker) {
        String token = "";
        while (true) {
            JsonNode page = http.get(VERSION + "batches?pageSize=" + PAGE
                    + (token.isEmpty() ? "" : "&pageToken=" + JobFiles.segment(token)));
            for (JsonNode batch : page.path("operations")) {
                if (batch.path("metadata").path("displayName").asText().equals(marker)) {
                    return Optional.of(name(batch, "batches/"));
                }
            }
            token = page.path("nextPageToken").asText("");
            if (token.isEmpty()) {
                return Optional.empty();
            }
        }
    }

    @Override
    public BatchStatus look(String batch) {
        JsonNode json = http.get(VERSION + batch);
        JsonNode metadata = json.path("metadata");
        List<String> results = List.of(metadata.path("output"), json.path("response")).stream()
                .map(output -> output.path("responsesFile").asText(""))
                .filter(file -> !file.isEmpty())
                .limit(1)
                .toList();
        State state =
                switch (metadata.path("state").asText()) {
                    case "BATCH_STATE_SUCCEEDED" -> State.DONE;
                    case "BATCH_STATE_EXPIRED" -> State.EXPIRED;
                    case "BATCH_STATE_CANCELLED" -> State.CANCELLED;
                    case "BATCH_STATE_FAILED" -> State.FAILED;
                    default -> json.path("error").isObject() ? State.FAILED : State.RUNNING;
                };
        int code = json.path("error").path("code").asInt();
        return new BatchStatus(state, results, state == State.FAILED ? "the job failed with code " + code : "");
    }

    @Override
    public List<Path> download(BatchStatus over, Path folder) {
        return over.results().stream()
                .map(file -> http.download(VERSION + file + ":download?alt=media", folder))
                .toList();
    }

    @Override
    public String id(String line) {
        return ResultLines.id(line, KEY);
    }

    @Override
    public BatchAnswer answer(String line) {
        JsonNode tree = ResultLines.tree(line);
        String id = ResultLines.id(tree, KEY);
        JsonNode embedding = tree.path("response").path("embedding");
        if (tree.path("error").isObject() || tree.path("response").path("error").isObject()) {
            JsonNode error = tree.path("error").isObject()
                    ? tree.path("error")
                    : tree.path("response").path("error");
            return new BatchAnswer(id, lines.refused(error));
        }
        ObjectNode body = (ObjectNode) Json.tree(new byte[] {'{', '}'});
        body.putArray("embeddings").add(embedding);
        Outcome outcome = lines.outcome(200, body);
        return new BatchAnswer(id, outcome);
    }

    private static String name(JsonNode json, String prefix) {
        String name = json.path("name").asText("");
        return JobFiles.required(
                name.matches(prefix + "[A-Za-z0-9_-]+") ? name : "", "a name that begins with " + prefix);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot read the file of a batch: " + file + " ("
                            + e.getClass().getSimpleName() + "). Run again: it is written once more.",
                    e);
        }
    }
}
