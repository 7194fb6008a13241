package io.embedlake.fake.api.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.api.Api;
import io.embedlake.fake.batch.GeminiBatches;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Refusal;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Demand;
import io.embedlake.fake.service.Encoding;
import io.embedlake.fake.service.Inputs;
import io.embedlake.fake.service.Item;
import io.embedlake.fake.service.Service;
import io.embedlake.fake.service.Shape;
import io.embedlake.fake.service.Work;
import io.embedlake.fake.settings.Cap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Gemini API: single texts, batches of texts, counting, and batch jobs. Thread-safe. */
public final class GeminiApi extends Api {
    private static final Pattern CALL = Pattern.compile("/v1(?:beta)?/models/([^/:]+):(\\w+)");
    private static final int TEXTS = 100;
    private static final long BYTES = 4_194_304;
    private static final Map<String, Model> MODELS =
            Map.of("gemini-embedding-001", Model.of(3072, 2048), "gemini-embedding-2", Model.of(3072, 8192));
    private static final Set<String> TASKS = Set.of(
            "RETRIEVAL_QUERY",
            "RETRIEVAL_DOCUMENT",
            "SEMANTIC_SIMILARITY",
            "CLASSIFICATION",
            "CLUSTERING",
            "CODE_RETRIEVAL_QUERY",
            "QUESTION_ANSWERING",
            "FACT_VERIFICATION");
    private static final Set<String> FIELDS =
            Set.of("model", "content", "taskType", "title", "outputDimensionality", "embedContentConfig");

    private final GoogleErrors errors = new GoogleErrors(GoogleErrors.KeyKind.API_KEY);

    private final GeminiBatches batches;

    public GeminiApi(Service service) {
        super(service);
        batches = new GeminiBatches(service, errors, this::answerLine);
    }

    @Override
    protected Response serve(Request request) {
        service()
                .admit(
                        request,
                        request.header("x-goog-api-key")
                                .or(() -> Optional.ofNullable(request.query().get("key"))),
                        errors);
        Optional<Response> job = batches.answer(request);
        if (job.isPresent()) {
            return job.get();
        }
        Matcher call = CALL.matcher(request.path());
        if (!call.matches() || !request.method().equals("POST")) {
            return errors.notFound(request);
        }
        Model model = MODELS.get(call.group(1));
        if (model == null) {
            throw new Refusal(GoogleErrors.notFound("models/" + call.group(1)
                    + " is not found for API version v1beta, or is not supported for " + call.group(2)
                    + ". Call ListModels to see the list of available models and their supported methods."));
        }
        JsonNode body = body(request, errors, BYTES);
        return switch (call.group(2)) {
            case "embedContent" -> single(request, model, call.group(1), body);
            case "batchEmbedContents" -> batch(request, model, call.group(1), body);
            case "countTokens" -> count(body);
            case "asyncBatchEmbedContent" -> batches.create(request, call.group(1), body);
            default -> errors.notFound(request);
        };
    }

    /** A text of a job, sent to the path of the model that the job was begun for. */
    private Response answerLine(Request request) {
        Matcher call = CALL.matcher(request.path());
        try {
            if (!call.matches()) {
                return errors.notFound(request);
            }
            return single(request, MODELS.get(call.group(1)), call.group(1), body(request, errors));
        } catch (Refusal refusal) {
            return refusal.response();
        }
    }

    private Response single(Request request, Model model, String name, JsonNode body) {
        List<Item> items = embed(request, model, name, List.of(body));
        ObjectNode answer = Json.object();
        items.stream().findFirst().ifPresent(item -> answer.putObject("embedding")
                .set("values", item.values()));
        return Response.json(200, answer);
    }

    private Response batch(Request request, Model model, String name, JsonNode body) {
        List<JsonNode> requests = new ArrayList<>();
        body.path("requests").forEach(requests::add);
        long cap = service().cap(Cap.TEXTS, TEXTS);
        if (requests.size() > cap) {
            throw new Refusal(GoogleErrors.invalid(
                    "* BatchEmbedContentsRequest.requests: at most " + cap + " requests can be in one batch\n"));
        }
        if (requests.isEmpty()) {
            throw new Refusal(
                    GoogleErrors.invalid("* BatchEmbedContentsRequest.requests: contents is not specified\n"));
        }
        for (int i = 0; i < requests.size(); i++) {
            if (!requests.get(i).path("model").asText().equals("models/" + name)) {
                throw new Refusal(GoogleErrors.invalid(
                        "* BatchEmbedContentsRequest.requests[" + i + "].model: unexpected model name format\n"));
            }
        }
        ObjectNode answer = Json.object();
        ArrayNode embeddings = answer.putArray("embeddings");
        embed(request, model, name, requests)
                .forEach(item -> embeddings.addObject().set("values", item.values()));
        return Response.json(200, answer);
    }

    private List<Item> embed(Request request, Model model, String name, List<JsonNode> requests) {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : requests) {
            unknown(one, FIELDS).ifPresent(field -> {
                throw new Refusal(GoogleErrors.invalid(
                        "Invalid JSON payload received. Unknown name \"" + field + "\": Cannot find field."));
            });
            if (one.has("taskType") && !TASKS.contains(one.path("taskType").asText())) {
                throw new Refusal(GoogleErrors.invalid("Invalid value at 'task_type'."));
            }
            texts.add(text(one.path("content")));
        }
        JsonNode asked = requests.get(0).path("outputDimensionality");
        int own = service().dimension(model.dimension());
        int dimension = asked.asInt(own);
        if (dimension < 1 || dimension > Math.max(own, model.dimension())) {
            throw new Refusal(GoogleErrors.invalid("output_dimensionality must be between 1 and 3072"));
        }
        // The first model leaves it to its callers to bring shortened vectors to length 1.
        Shape shape = name.equals("gemini-embedding-001") && dimension < own
                ? Shape.cut(dimension, own)
                : Shape.unit(dimension);
        Inputs inputs =
                Inputs.of(texts, service().tokens()).cutTo((int) service().cap(Cap.TEXT_TOKENS, model.textTokens()));
        return service()
                .embed(
                        request,
                        new Work(inputs, Demand.texts(inputs), shape, Encoding.FLOATS, Work.Order.POSITIONAL),
                        errors);
    }

    /** All parts of a content together: they get one vector. */
    private static String text(JsonNode content) {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content.path("parts")) {
            text.append(text.isEmpty() ? "" : "\n").append(part.path("text").asText());
        }
        if (text.isEmpty()) {
            throw new Refusal(GoogleErrors.invalid("content contains an empty Part."));
        }
        return text.toString();
    }

    private Response count(JsonNode body) {
        int total = 0;
        for (JsonNode content : body.path("contents")) {
            total += service().tokens().applyAsInt(text(content));
        }
        return Response.json(200, Json.object().put("totalTokens", total));
    }
}
