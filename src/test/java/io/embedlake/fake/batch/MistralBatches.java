package io.embedlake.fake.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Errors;
import io.embedlake.fake.service.Service;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Mistral's files and batch jobs. Thread-safe. */
public final class MistralBatches {
    private static final Pattern FILE = Pattern.compile("/v1/files/([^/]+)(/content)?");
    private static final Pattern JOB = Pattern.compile("/v1/batch/jobs/([^/]+)(/cancel)?");
    private static final Set<String> OPEN = Set.of("QUEUED", "RUNNING");

    private final Service service;
    private final Errors errors;
    private final Lines lines;
    private final FileStore files;
    private final Map<String, Job> jobs = Collections.synchronizedMap(new LinkedHashMap<>());

    /** A job as it goes on; guarded by itself. */
    private static final class Job {
        final ObjectNode json;
        final List<JsonNode> lines;
        int polls;

        Job(ObjectNode json, List<JsonNode> lines) {
            this.json = json;
            this.lines = lines;
        }
    }

    /**
     * Jobs of a provider.
     *
     * @param line answers the call of a line
     */
    public MistralBatches(Service service, Errors errors, Function<Request, Response> line) {
        this.service = service;
        this.errors = errors;
        lines = new Lines(service, errors, line);
        files = new FileStore(service);
    }

    /** Answers a request of these routes. */
    public Response answer(Request request) {
        Matcher file = FILE.matcher(request.path());
        Matcher job = JOB.matcher(request.path());
        if (request.path().equals("/v1/files") && request.method().equals("POST")) {
            return upload(request);
        }
        if (file.matches()) {
            return files.find(file.group(1))
                    .map(stored -> file.group(2) == null
                            ? Response.json(200, shown(stored))
                            : new Response(200, Map.of("Content-Type", "application/octet-stream"), stored.content()))
                    .orElseGet(() -> errors.notFound(request));
        }
        if (request.path().equals("/v1/batch/jobs")) {
            return request.method().equals("POST") ? create(request) : list(request);
        }
        if (job.matches() && jobs.containsKey(job.group(1))) {
            Job known = jobs.get(job.group(1));
            return Response.json(200, job.group(2) == null ? poll(request, known) : cancel(known));
        }
        return errors.notFound(request);
    }

    private Response upload(Request request) {
        Map<String, Multipart.Part> parts = Multipart.parts(request);
        if (!parts.containsKey("file")) {
            return errors.unreadable();
        }
        Multipart.Part file = parts.get("file");
        return Response.json(
                200, shown(files.add(service.fresh(""), file.file().orElse("upload"), "batch", file.content())));
    }

    private static ObjectNode shown(FileStore.Stored file) {
        return Json.object()
                .put("id", file.id())
                .put("object", "file")
                .put("bytes", file.content().length)
                .put("created_at", file.createdSeconds())
                .put("filename", file.name())
                .put("purpose", file.purpose())
                .put("sample_type", "batch_request")
                .put("source", "upload");
    }

    private Response create(Request request) {
        JsonNode asked = Json.read(request.body()).orElse(Json.object());
        List<JsonNode> all = new ArrayList<>();
        asked.path("requests").forEach(all::add);
        for (JsonNode id : asked.path("input_files")) {
            files.find(id.asText())
                    .flatMap(file -> Lines.read(file.content(), "custom_id"))
                    .ifPresent(all::addAll);
        }
        if (all.isEmpty() || !asked.path("endpoint").asText().equals("/v1/embeddings")) {
            return errors.unreadable();
        }
        ObjectNode json = Json.object()
                .put("id", service.fresh(""))
                .put("object", "batch")
                .put("endpoint", "/v1/embeddings")
                .put("model", asked.path("model").asText())
                .put("status", "QUEUED")
                .put("created_at", service.clock().instant().getEpochSecond())
                .put("total_requests", all.size())
                .put("completed_requests", 0)
                .put("succeeded_requests", 0)
                .put("failed_requests", 0)
                .putNull("output_file")
                .putNull("error_file");
        json.set("input_files", asked.has("input_files") ? asked.path("input_files") : Json.array());
        json.set("metadata", asked.path("metadata").isObject() ? asked.path("metadata") : NullNode.getInstance());
        json.putArray("errors");
        jobs.put(json.path("id").asText(), new Job(json, all));
        return Response.json(200, json);
    }

    /** The newest first, pages counted from 0. */
    private Response list(Request request) {
        List<Job> newest;
        synchronized (jobs) {
            newest = new ArrayList<>(jobs.values());
        }
        Collections.reverse(newest);
        int size = Integer.parseInt(request.query().getOrDefault("page_size", "100"));
        long skipped = (long) size * Integer.parseInt(request.query().getOrDefault("page", "0"));
        ObjectNode page = Json.object().put("object", "list").put("total", newest.size());
        ArrayNode data = page.putArray("data");
        newest.stream().skip(skipped).limit(size).forEach(job -> {
            synchronized (job) {
                data.add(job.json.deepCopy());
            }
        });
        return Response.json(200, page);
    }

    private ObjectNode poll(Request request, Job job) {
        synchronized (job) {
            if (OPEN.contains(job.json.path("status").asText())) {
                job.polls++;
                if (job.polls >= service.settings().batchPolls()) {
                    complete(request, job);
                } else {
                    job.json.put("status", "RUNNING");
                }
            }
            return job.json.deepCopy();
        }
    }

    private static ObjectNode cancel(Job job) {
        synchronized (job) {
            if (OPEN.contains(job.json.path("status").asText())) {
                job.json.put("status", "CANCELLED");
            }
            return job.json.deepCopy();
        }
    }

    private void complete(Request request, Job job) {
        if (lines.areRefused()) {
            job.json.put("status", "FAILED");
            return;
        }
        StringBuilder good = new StringBuilder();
        StringBuilder bad = new StringBuilder();
        List<JsonNode> inTime = lines.inTime(job.lines);
        int failed = 0;
        ObjectNode defaults = Json.object().put("model", job.json.path("model").asText());
        for (Lines.Done done : lines.work(request, inTime, defaults)) {
            boolean isGood = done.response().status() == 200;
            failed += isGood ? 0 : 1;
            ObjectNode line = Json.object().put("id", service.fresh("batch-")).put("custom_id", done.id());
            JsonNode body = Json.read(done.response().body()).orElse(Json.object());
            if (isGood) {
                line.putObject("response").put("status_code", 200).set("body", body);
                line.putNull("error");
            } else {
                line.putNull("response");
                line.set("error", body);
            }
            (isGood ? good : bad)
                    .append(new String(Json.bytes(line), StandardCharsets.UTF_8))
                    .append('\n');
        }
        output(job.json, "output_file", good);
        output(job.json, "error_file", bad);
        job.json
                .put("status", inTime.size() == job.lines.size() ? "SUCCESS" : "TIMEOUT_EXCEEDED")
                .put("completed_requests", inTime.size())
                .put("succeeded_requests", inTime.size() - failed)
                .put("failed_requests", failed);
    }

    private void output(ObjectNode json, String field, StringBuilder content) {
        if (!content.isEmpty()) {
            byte[] bytes = content.toString().getBytes(StandardCharsets.UTF_8);
            json.put(
                    field,
                    files.add(service.fresh(""), field + ".jsonl", "batch", bytes)
                            .id());
        }
    }
}
