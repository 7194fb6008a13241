package io.embedlake.fake.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Errors;
import io.embedlake.fake.service.Service;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cohere's data sets and embed jobs. Thread-safe. */
public final class CohereJobs {
    private static final Pattern DATASET = Pattern.compile("/v1/datasets/([^/]+)");
    private static final Pattern JOB = Pattern.compile("/v1/embed-jobs/([^/]+)(/cancel)?");
    private static final String PARTS = "/signed/";
    private static final String STATUS = "status";
    private static final String ID = "custom_id";

    private final Service service;
    private final Errors errors;
    private final Function<Request, Response> line;
    private final Lines lines;
    private final FileStore datasets;
    private final Map<String, Integer> looks = new LinkedHashMap<>();
    private final Map<String, Job> jobs = Collections.synchronizedMap(new LinkedHashMap<>());

    /** A job as it goes on; guarded by itself. */
    private static final class Job {
        final ObjectNode json;
        final ObjectNode asked;
        int polls;

        Job(ObjectNode json, ObjectNode asked) {
            this.json = json;
            this.asked = asked;
        }
    }

    /**
     * Jobs of a provider.
     *
     * @param line answers the call of a single text
     */
    public CohereJobs(Service service, Errors errors, Function<Request, Response> line) {
        this.service = service;
        this.errors = errors;
        this.line = line;
        lines = new Lines(service, errors, line);
        datasets = new FileStore(service);
    }

    /** A part of a data set, whose address is as good as a key; nothing where a request is for something else. */
    public Optional<Response> part(Request request) {
        return request.path().startsWith(PARTS)
                ? datasets.find(request.path().substring(PARTS.length()))
                        .map(stored ->
                                new Response(200, Map.of("Content-Type", "application/octet-stream"), stored.content()))
                : Optional.empty();
    }

    /** Answers a request of these routes; nothing where it is for something else. */
    public Optional<Response> answer(Request request) {
        boolean isPost = request.method().equals("POST");
        Matcher dataset = DATASET.matcher(request.path());
        Matcher job = JOB.matcher(request.path());
        if (request.path().equals("/v1/datasets") && isPost) {
            return Optional.of(upload(request));
        }
        if (dataset.matches()) {
            return Optional.of(datasets.find(dataset.group(1))
                    .map(stored -> shown(request, stored))
                    .orElseGet(() -> errors.notFound(request)));
        }
        if (request.path().equals("/v1/embed-jobs")) {
            return Optional.of(isPost ? create(request) : list());
        }
        if (job.matches() && jobs.containsKey(job.group(1))) {
            return Optional.of(poll(request, jobs.get(job.group(1)), job.group(2) != null));
        }
        return Optional.empty();
    }

    private Response upload(Request request) {
        Multipart.Part data = Multipart.parts(request).get("data");
        if (data == null || !request.query().getOrDefault("type", "").equals("embed-input")) {
            return errors.unreadable();
        }
        String kept = request.query().getOrDefault("keep_fields", "");
        byte[] content = kept.contains(ID) ? data.content() : new byte[0];
        String id = datasets.add(
                        service.fresh("dataset-"), request.query().getOrDefault("name", ""), "embed-input", content)
                .id();
        return Response.json(200, Json.object().put("id", id));
    }

    /** Looked through when it is asked for the second time. */
    private Response shown(Request request, FileStore.Stored stored) {
        int look;
        synchronized (looks) {
            look = looks.merge(stored.id(), 1, Integer::sum);
        }
        boolean isResult = stored.purpose().equals("embed-result");
        String now = service.clock().instant().toString();
        ObjectNode answer = Json.object();
        ObjectNode dataset = answer.putObject("dataset")
                .put("id", stored.id())
                .put("name", stored.name())
                .put("created_at", now)
                .put("updated_at", now)
                .put("dataset_type", stored.purpose())
                .put("validation_status", isResult || look > 1 ? "validated" : "processing");
        dataset.putArray("dataset_parts")
                .addObject()
                .put("id", stored.id())
                .put("name", "part-00000.avro")
                .put("url", "http://" + request.header("host").orElse("") + PARTS + stored.id())
                .put("index", 0);
        return Response.json(200, answer);
    }

    private Response create(Request request) {
        ObjectNode asked = Json.read(request.body())
                .filter(JsonNode::isObject)
                .map(ObjectNode.class::cast)
                .orElse(Json.object());
        if (datasets.find(asked.path("dataset_id").asText()).isEmpty()
                || !asked.path("model").asText().contains("v3")) {
            return errors.unreadable();
        }
        ObjectNode json = Json.object()
                .put("job_id", service.fresh(""))
                .put("name", asked.path("name").asText())
                .put(STATUS, "processing")
                .put("created_at", service.clock().instant().toString())
                .put("input_dataset_id", asked.path("dataset_id").asText())
                .put("model", asked.path("model").asText())
                .put("truncate", asked.path("truncate").asText("END"));
        jobs.put(json.path("job_id").asText(), new Job(json, asked));
        return Response.json(
                200, Json.object().put("job_id", json.path("job_id").asText()));
    }

    private Response list() {
        ObjectNode answer = Json.object();
        ArrayNode all = answer.putArray("embed_jobs");
        synchronized (jobs) {
            jobs.values().forEach(job -> {
                synchronized (job) {
                    all.add(job.json.deepCopy());
                }
            });
        }
        return Response.json(200, answer);
    }

    private Response poll(Request request, Job job, boolean isCancelled) {
        synchronized (job) {
            if (job.json.path(STATUS).asText().equals("processing")) {
                job.polls++;
                if (isCancelled) {
                    job.json.put(STATUS, "cancelled");
                } else if (job.polls >= service.settings().batchPolls()) {
                    complete(request, job);
                }
            }
            return Response.json(200, job.json.deepCopy());
        }
    }

    private void complete(Request request, Job job) {
        Optional<List<JsonNode>> read = datasets.find(
                        job.json.path("input_dataset_id").asText())
                .flatMap(stored -> Lines.read(stored.content(), ID));
        if (lines.areRefused() || read.isEmpty()) {
            job.json.put(STATUS, "failed");
            return;
        }
        List<AvroFile.Row> rows = new ArrayList<>();
        for (JsonNode one : lines.inTime(read.get())) {
            ObjectNode call = Json.object();
            List.of("model", "input_type", "embedding_types", "truncate")
                    .forEach(
                            name -> Optional.ofNullable(job.asked.get(name)).ifPresent(value -> call.set(name, value)));
            call.putArray("texts").add(one.path("text"));
            Response response = line.apply(request.withBody(Json.bytes(call)));
            if (response.status() == 200) {
                JsonNode body = Json.read(response.body()).orElse(Json.object());
                rows.add(new AvroFile.Row(
                        one.path(ID).asText(),
                        one.path("text").asText(),
                        body.path("embeddings").path("float").path(0)));
            }
        }
        Collections.shuffle(rows, new Random(service.settings().faults().seed()));
        boolean isInTime = rows.size() == read.get().size();
        job.json
                .put(STATUS, isInTime ? "complete" : "cancelled")
                .put(
                        "output_dataset_id",
                        datasets.add(service.fresh("dataset-"), "answers", "embed-result", AvroFile.of(rows))
                                .id());
    }
}
