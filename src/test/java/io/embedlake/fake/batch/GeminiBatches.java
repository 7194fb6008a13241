package io.embedlake.fake.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Errors;
import io.embedlake.fake.service.Service;
import io.embedlake.fake.settings.Fault;
import java.io.ByteArrayOutputStream;
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

/** The Gemini API's batch jobs, whose texts are in the request itself or in a file. Thread-safe. */
public final class GeminiBatches {
    private static final Pattern BATCH = Pattern.compile("/v1beta/(batches/[^/:]+)(:cancel)?");
    private static final String KEY = "key";
    private static final String STATE = "state";
    private static final String PENDING = "BATCH_STATE_PENDING";
    private static final String RUNNING = "BATCH_STATE_RUNNING";
    /** From so many texts on, answers have been seen in another order than their texts, whatever the documentation says. */
    private static final int OUT_OF_ORDER = 1000;

    private final Service service;
    private final Errors errors;
    private final Function<Request, Response> line;
    private final Lines limits;
    private final GeminiFiles files;
    private final Map<String, Job> jobs = Collections.synchronizedMap(new LinkedHashMap<>());

    /** A job as it goes on; guarded by itself. */
    private static final class Job {
        final Request created;
        final ObjectNode json;
        final List<JsonNode> lines;
        final boolean isOfFile;
        int polls;

        Job(Request created, ObjectNode json, List<JsonNode> lines, boolean isOfFile) {
            this.created = created;
            this.json = json;
            this.lines = lines;
            this.isOfFile = isOfFile;
        }

        ObjectNode metadata() {
            return (ObjectNode) json.path("metadata");
        }

        boolean isOpen() {
            return List.of(PENDING, RUNNING).contains(metadata().path(STATE).asText());
        }
    }

    /**
     * Jobs of a provider.
     *
     * @param line answers the call of a single text, sent to the model's path
     */
    public GeminiBatches(Service service, Errors errors, Function<Request, Response> line) {
        this.service = service;
        this.errors = errors;
        this.line = line;
        limits = new Lines(service, errors, line);
        files = new GeminiFiles(service, errors);
    }

    /** Begins a job for a model. */
    public Response create(Request request, String model, JsonNode body) {
        JsonNode input = body.path("batch").path("inputConfig");
        // Either spelling is understood, as everywhere in this API.
        String file = input.path("fileName").asText(input.path("file_name").asText(""));
        List<JsonNode> lines = new ArrayList<>();
        input.path("requests").path("requests").forEach(lines::add);
        files.find(file).flatMap(stored -> Lines.read(stored.content(), KEY)).ifPresent(lines::addAll);
        if (lines.isEmpty()) {
            return errors.unreadable();
        }
        String name = service.fresh("batches/");
        ObjectNode json = Json.object().put("name", name);
        json.putObject("metadata")
                .put("@type", "type.googleapis.com/google.ai.generativelanguage.v1main.EmbedContentBatch")
                .put("model", "models/" + model)
                .put("displayName", body.path("batch").path("displayName").asText())
                .put("createTime", service.clock().instant().toString())
                .put(STATE, PENDING)
                .put("name", name);
        jobs.put(name, new Job(request.meeting(Optional.empty()), json, lines, !file.isEmpty()));
        return Response.json(200, json);
    }

    /** Answers a request for a job or a file; nothing where it is for something else. */
    public Optional<Response> answer(Request request) {
        Optional<Response> file = files.answer(request);
        if (file.isPresent()) {
            return file;
        }
        if (request.path().equals("/v1beta/batches") && request.method().equals("GET")) {
            return Optional.of(list(request));
        }
        Matcher batch = BATCH.matcher(request.path());
        if (!batch.matches() || !jobs.containsKey(batch.group(1))) {
            return Optional.empty();
        }
        Job job = jobs.get(batch.group(1));
        synchronized (job) {
            if (job.isOpen() && batch.group(2) != null) {
                job.metadata().put(STATE, "BATCH_STATE_CANCELLED");
            } else if (job.isOpen()) {
                job.polls++;
                if (job.polls >= service.settings().batchPolls()) {
                    complete(job);
                } else {
                    job.metadata().put(STATE, RUNNING);
                }
            }
            return Optional.of(Response.json(200, job.json.deepCopy()));
        }
    }

    /** The newest first; the token of a page is the number of the jobs before it. */
    private Response list(Request request) {
        List<Job> newest;
        synchronized (jobs) {
            newest = new ArrayList<>(jobs.values());
        }
        Collections.reverse(newest);
        int size = Integer.parseInt(request.query().getOrDefault("pageSize", "50"));
        int from = Integer.parseInt(request.query().getOrDefault("pageToken", "0"));
        ObjectNode page = Json.object();
        ArrayNode operations = page.putArray("operations");
        newest.stream().skip(from).limit(size).forEach(job -> {
            synchronized (job) {
                operations.add(job.json.deepCopy());
            }
        });
        if (from + size < newest.size()) {
            page.put("nextPageToken", String.valueOf(from + size));
        }
        return Response.json(200, page);
    }

    private void complete(Job job) {
        if (limits.areRefused()) {
            job.metadata().put(STATE, "BATCH_STATE_FAILED");
            job.json.put("done", true).putObject("error").put("code", 3).put("message", "The job is refused.");
            return;
        }
        List<JsonNode> done = new ArrayList<>();
        int inTime = limits.inTime(job.lines).size();
        for (int i = 0; i < inTime; i++) {
            done.add(done(job, i));
        }
        if (job.isOfFile || done.size() >= OUT_OF_ORDER) {
            Collections.shuffle(done, new Random(service.settings().faults().seed()));
        }
        ObjectNode output = Json.object();
        if (job.isOfFile) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            for (JsonNode one : done) {
                content.writeBytes(Json.bytes(one));
                content.write('\n');
            }
            output.put("responsesFile", files.add(content.toByteArray()));
        } else {
            ArrayNode responses =
                    output.putObject("inlinedEmbedContentResponses").putArray("inlinedResponses");
            done.forEach(responses::add);
        }
        job.metadata()
                .put(STATE, inTime == job.lines.size() ? "BATCH_STATE_SUCCEEDED" : "BATCH_STATE_EXPIRED")
                .put("endTime", service.clock().instant().toString())
                .set("output", output);
        job.json.put("done", true).set("response", output.deepCopy());
    }

    private JsonNode done(Job job, int place) {
        JsonNode one = job.lines.get(place);
        Optional<Fault> fault = service.settings().faults().draw("line " + place, 0);
        Request call = job.created.withBody(Json.bytes(one.path("request"))).meeting(fault);
        Response response =
                fault.filter(drawn -> drawn.stage() == Fault.Stage.STATUS).isPresent()
                        ? errors.failure(500)
                        : line.apply(call);
        JsonNode body = Json.read(response.body()).orElse(Json.object());
        ObjectNode answered = Json.object();
        if (job.isOfFile) {
            answered.set(KEY, one.path(KEY));
        }
        if (one.has("metadata")) {
            answered.set("metadata", one.path("metadata"));
        }
        if (response.status() == 200) {
            answered.set("response", body);
        } else {
            answered.set("error", body.path("error"));
        }
        return answered;
    }
}
