package io.embedlake.fake.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Errors;
import io.embedlake.fake.service.Service;
import io.embedlake.fake.settings.BatchEnd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files and batches of OpenAI and of Voyage, who follows it. Thread-safe. */
public final class OpenAiBatches {
    private static final Pattern BATCH = Pattern.compile("/v1/batches/([^/]+)(/cancel)?");
    private static final List<String> STEPS = List.of("validating", "in_progress", "finalizing", "completed");

    private final Kind kind;
    private final Service service;
    private final Errors errors;
    private final Lines lines;
    private final OpenAiFiles files;
    private final Map<String, Batch> batches = Collections.synchronizedMap(new LinkedHashMap<>());

    /** Whose batches they are. */
    public enum Kind {
        /** Each line is a whole request; each takes up to 24 hours. */
        OPENAI("24h", 50_000),
        /** The batch has the parameters of all lines; it takes up to 12 hours. */
        VOYAGE("12h", 100_000);

        private final String window;
        private final int inputs;

        Kind(String window, int inputs) {
            this.window = window;
            this.inputs = inputs;
        }
    }

    /** A batch as it goes on; guarded by itself. */
    private static final class Batch {
        final ObjectNode json;
        final FileStore.Stored input;
        final ObjectNode parameters;
        int polls;

        Batch(ObjectNode json, FileStore.Stored input, ObjectNode parameters) {
            this.json = json;
            this.input = input;
            this.parameters = parameters;
        }
    }

    /**
     * Batches of a provider.
     *
     * @param line answers the call of a line
     */
    public OpenAiBatches(Kind kind, Service service, Errors errors, Function<Request, Response> line) {
        this.kind = kind;
        this.service = service;
        this.errors = errors;
        lines = new Lines(service, errors, line);
        files = new OpenAiFiles(kind, service);
    }

    /** Answers a request of these routes. */
    public Response answer(Request request) {
        Matcher batch = BATCH.matcher(request.path());
        Optional<Response> file = files.answer(request);
        if (file.isPresent()) {
            return file.get();
        }
        if (request.path().equals("/v1/batches")) {
            return request.method().equals("POST") ? create(request) : list(request);
        }
        if (batch.matches()) {
            Batch known = batches.get(batch.group(1));
            if (known == null) {
                return invalid(404, "No batch found with id '" + batch.group(1) + "'.", "id");
            }
            return Response.json(200, batch.group(2) == null ? poll(request, known) : cancel(known));
        }
        return errors.notFound(request);
    }

    private Response create(Request request) {
        JsonNode asked = Json.read(request.body()).orElse(Json.object());
        Optional<FileStore.Stored> input =
                files.find(asked.path("input_file_id").asText());
        if (input.isEmpty()) {
            return invalid(400, "Invalid 'input_file_id': no such file.", "input_file_id");
        }
        if (!asked.path("endpoint").asText().equals("/v1/embeddings")
                || !asked.path("completion_window").asText().equals(kind.window)) {
            return invalid(
                    400,
                    "Invalid value: 'endpoint' and 'completion_window' are /v1/embeddings and " + kind.window + ".",
                    "");
        }
        if (kind == Kind.VOYAGE && !asked.path("request_params").path("model").isTextual()) {
            return invalid(400, "Argument 'request_params' must name a model.", "request_params");
        }
        long now = service.clock().instant().getEpochSecond();
        ObjectNode json = Json.object()
                .put("id", service.fresh("batch_"))
                .put("object", "batch")
                .put("endpoint", "/v1/embeddings")
                .put("input_file_id", input.get().id())
                .put("completion_window", kind.window)
                .put("status", STEPS.get(0))
                .put("created_at", now)
                .put("expires_at", now + 86_400);
        json.set("metadata", asked.path("metadata").isObject() ? asked.path("metadata") : Json.object());
        counts(json, 0, 0, 0);
        ObjectNode parameters = kind == Kind.VOYAGE ? (ObjectNode) asked.path("request_params") : Json.object();
        batches.put(json.path("id").asText(), new Batch(json, input.get(), parameters));
        return Response.json(200, json);
    }

    /** The newest first, a page at a time. */
    private Response list(Request request) {
        List<Batch> newest;
        synchronized (batches) {
            newest = new ArrayList<>(batches.values());
        }
        Collections.reverse(newest);
        String after = request.query().getOrDefault("after", "");
        int limit = Integer.parseInt(request.query().getOrDefault("limit", "20"));
        int from = 0;
        while (!after.isEmpty()
                && from < newest.size()
                && !newest.get(from).json.path("id").asText().equals(after)) {
            from++;
        }
        List<Batch> rest = newest.subList(Math.min(newest.size(), after.isEmpty() ? 0 : from + 1), newest.size());
        ObjectNode page = Json.object().put("object", "list").put("has_more", rest.size() > limit);
        ArrayNode data = page.putArray("data");
        rest.stream().limit(limit).forEach(batch -> data.add(copy(batch)));
        page.put("first_id", data.path(0).path("id").asText(null));
        page.put("last_id", data.path(data.size() - 1).path("id").asText(null));
        return Response.json(200, page);
    }

    private static ObjectNode copy(Batch batch) {
        synchronized (batch) {
            return batch.json.deepCopy();
        }
    }

    private static void counts(ObjectNode json, int total, int completed, int failed) {
        json.putObject("request_counts")
                .put("total", total)
                .put("completed", completed)
                .put("failed", failed);
    }

    private ObjectNode poll(Request request, Batch batch) {
        synchronized (batch) {
            if (STEPS.subList(0, 3).contains(batch.json.path("status").asText())) {
                batch.polls++;
                int left = service.settings().batchPolls() - batch.polls;
                if (left <= 0) {
                    complete(request, batch);
                } else {
                    batch.json.put("status", STEPS.get(left == 1 && batch.polls > 1 ? 2 : 1));
                }
            }
            return batch.json.deepCopy();
        }
    }

    private static ObjectNode cancel(Batch batch) {
        synchronized (batch) {
            if (STEPS.subList(0, 3).contains(batch.json.path("status").asText())) {
                batch.json.put("status", "cancelled");
            }
            return batch.json.deepCopy();
        }
    }

    private void complete(Request request, Batch batch) {
        Optional<List<JsonNode>> read = Lines.read(batch.input.content(), "custom_id");
        if (lines.areRefused()) {
            fail(
                    batch,
                    service.settings().batchEnd() == BatchEnd.QUEUE_FULL ? "token_limit_exceeded" : "model_not_found",
                    "The batch is refused.");
            return;
        }
        if (read.isEmpty() || read.get().size() > kind.inputs || Lines.inputs(read.get()) > kind.inputs) {
            fail(
                    batch,
                    read.isEmpty() ? "invalid_json_line" : "too_many_tasks",
                    "The file is no list of lines with an id each, or has more than " + kind.inputs + " inputs.");
            return;
        }
        StringBuilder good = new StringBuilder();
        StringBuilder bad = new StringBuilder();
        List<JsonNode> inTime = lines.inTime(read.get());
        int failed = 0;
        for (Lines.Done done : lines.work(request, inTime, batch.parameters)) {
            boolean isGood = done.response().status() == 200;
            failed += isGood ? 0 : 1;
            (isGood ? good : bad).append(line(done)).append('\n');
        }
        for (JsonNode late : read.get().subList(inTime.size(), read.get().size())) {
            bad.append(expired(late)).append('\n');
        }
        counts(batch.json, read.get().size(), inTime.size() - failed, failed);
        output(batch.json, "output_file_id", good);
        output(batch.json, "error_file_id", bad);
        boolean isInTime = inTime.size() == read.get().size();
        batch.json
                .put("status", isInTime ? "completed" : "expired")
                .put(
                        isInTime ? "completed_at" : "expired_at",
                        service.clock().instant().getEpochSecond());
    }

    private static void fail(Batch batch, String code, String message) {
        batch.json.put("status", "failed");
        batch.json
                .putObject("errors")
                .put("object", "list")
                .putArray("data")
                .addObject()
                .put("code", code)
                .put("message", message);
    }

    private String expired(JsonNode line) {
        ObjectNode json = Json.object()
                .put("id", service.fresh("batch_req_"))
                .put("custom_id", line.path("custom_id").asText());
        json.putNull("response");
        json.putObject("error")
                .put("code", "batch_expired")
                .put("message", "This request could not be executed before the completion window expired.");
        return new String(Json.bytes(json), StandardCharsets.UTF_8);
    }

    private String line(Lines.Done done) {
        ObjectNode line = Json.object().put("id", service.fresh("batch_req_")).put("custom_id", done.id());
        ObjectNode response = line.putObject("response")
                .put("status_code", done.response().status())
                .put("request_id", service.fresh("req_"));
        response.set("body", Json.read(done.response().body()).orElse(Json.object()));
        line.putNull("error");
        return new String(Json.bytes(line), StandardCharsets.UTF_8);
    }

    private void output(ObjectNode json, String field, StringBuilder content) {
        if (!content.isEmpty()) {
            json.put(field, files.add(field + ".jsonl", content.toString().getBytes(StandardCharsets.UTF_8)));
        }
    }

    private Response invalid(int status, String message, String param) {
        return OpenAiFiles.invalid(kind, status, message, param);
    }
}
