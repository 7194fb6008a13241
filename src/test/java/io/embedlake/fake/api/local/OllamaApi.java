package io.embedlake.fake.api.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.api.Api;
import io.embedlake.fake.api.EmbeddingList;
import io.embedlake.fake.api.OpenAiErrors;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Refusal;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Demand;
import io.embedlake.fake.service.Encoding;
import io.embedlake.fake.service.Errors;
import io.embedlake.fake.service.Inputs;
import io.embedlake.fake.service.Item;
import io.embedlake.fake.service.Service;
import io.embedlake.fake.service.Shape;
import io.embedlake.fake.service.Throttled;
import io.embedlake.fake.service.Work;
import io.embedlake.fake.settings.Cap;
import io.embedlake.fake.settings.Fault;
import java.util.List;

/** Ollama: its own routes, old and new, and OpenAI's. Thread-safe. */
public final class OllamaApi extends Api {
    /** How many calls it lets wait. */
    public static final int CONCURRENT_CALLS = 512;

    private static final int TEXT_TOKENS = 2048;

    private final OllamaErrors errors = new OllamaErrors();

    public OllamaApi(Service service) {
        super(service);
    }

    @Override
    protected Response serve(Request request) {
        if (service().settings().keys().isEmpty()) {
            service().admit(request, errors);
        } else {
            service().admit(request, bearer(request), errors);
        }
        return switch (request.method() + " " + request.path()) {
            case "GET /" -> Response.text(200, "Ollama is running");
            case "GET /api/version" -> Response.json(200, Json.object().put("version", "0.33.0"));
            case "POST /api/embed" -> embed(request);
            case "POST /api/embeddings" -> legacy(request);
            case "POST /v1/embeddings" -> openAi(request);
            default -> errors.notFound(request);
        };
    }

    private JsonNode body(Request request) {
        JsonNode body = body(request, errors);
        String model = body.path("model").asText();
        if (model.isEmpty()) {
            throw new Refusal(OllamaErrors.error(400, "model is required"));
        }
        if (!service().exists(model)) {
            throw new Refusal(OllamaErrors.error(404, "model '" + model + "' not found"));
        }
        return body;
    }

    private Response embed(Request request) {
        JsonNode body = body(request);
        if (body.path("input").isMissingNode() || body.path("input").isNull()) {
            throw new Refusal(OllamaErrors.error(400, "missing request body"));
        }
        Inputs whole = Inputs.ofTexts(body.path("input"), service().tokens())
                .orElseThrow(() -> new Refusal(OllamaErrors.error(400, "invalid input type")));
        int textTokens = (int) service().cap(Cap.TEXT_TOKENS, TEXT_TOKENS);
        if (!body.path("truncate").asBoolean(true) && whole.longest() > textTokens) {
            throw new Refusal(OllamaErrors.error(400, "the input length exceeds the context length"));
        }
        // An empty text alone is no text: success, and no vector.
        boolean isNothing =
                body.path("input").isTextual() && body.path("input").textValue().isEmpty();
        Inputs inputs = isNothing ? new Inputs(List.of(), List.of()) : whole.cutTo(textTokens);
        int dimension = body.path("dimensions").asInt(service().dimension());
        ObjectNode answer = Json.object().put("model", body.path("model").asText());
        ArrayNode vectors = answer.putArray("embeddings");
        items(request, inputs, Shape.unit(dimension), Encoding.FLOATS).forEach(item -> vectors.add(item.values()));
        answer.put("total_duration", 14_143_917).put("load_duration", 1_019_500).put("prompt_eval_count", inputs.sum());
        return Response.json(200, answer);
    }

    private Response legacy(Request request) {
        JsonNode body = body(request);
        Inputs inputs =
                Inputs.of(List.of(body.path("prompt").asText()), service().tokens());
        ObjectNode answer = Json.object();
        items(request, inputs, Shape.raw(service().dimension()), Encoding.FLOATS).stream()
                .findFirst()
                .ifPresent(item -> answer.set("embedding", item.values()));
        return Response.json(200, answer);
    }

    private Response openAi(Request request) {
        try {
            JsonNode body = body(request);
            Inputs inputs = Inputs.ofTexts(body.path("input"), service().tokens())
                    .filter(some -> !some.texts().isEmpty())
                    .orElseThrow(() -> new Refusal(OllamaErrors.error(400, "invalid input")))
                    .cutTo((int) service().cap(Cap.TEXT_TOKENS, TEXT_TOKENS));
            Shape shape = Shape.unit(body.path("dimensions").asInt(service().dimension()));
            List<Item> items = items(request, inputs, shape, EmbeddingList.encoding(body));
            ObjectNode list = EmbeddingList.of(items, body.path("model").asText());
            list.putObject("usage").put("prompt_tokens", inputs.sum()).put("total_tokens", inputs.sum());
            return Response.json(200, list);
        } catch (Refusal refusal) {
            throw new Refusal(OllamaErrors.asOpenAi(refusal.response()));
        }
    }

    private List<Item> items(Request request, Inputs inputs, Shape shape, Encoding encoding) {
        // It looks at what it computed before it writes it.
        if (request.meets(Fault.NAN_ELEMENT) || request.meets(Fault.NULL_ELEMENT)) {
            throw new Refusal(OllamaErrors.error(400, "embedding contains NaN or Inf values"));
        }
        return service()
                .embed(request, new Work(inputs, Demand.call(inputs), shape, encoding, Work.Order.POSITIONAL), errors);
    }

    /** The server's words. Immutable. */
    private record OllamaErrors() implements Errors {
        static Response error(int status, String message) {
            return Response.json(status, Json.object().put("error", message));
        }

        static Response asOpenAi(Response plain) {
            String message = Json.read(plain.body())
                    .map(body -> body.path("error").asText())
                    .orElse("");
            String type =
                    switch (plain.status()) {
                        case 400 -> OpenAiErrors.INVALID_REQUEST;
                        case 404 -> "not_found_error";
                        default -> "api_error";
                    };
            return OpenAiErrors.error(plain.status(), message, type, "", "");
        }

        @Override
        public Response noKey() {
            return error(401, "unauthorized");
        }

        @Override
        public Response wrongKey() {
            return error(401, "unauthorized");
        }

        @Override
        public Response notFound(Request request) {
            return Response.text(404, "404 page not found");
        }

        @Override
        public Response unreadable() {
            return error(400, "invalid character in the body");
        }

        @Override
        public Response throttled(Throttled why) {
            return busy();
        }

        @Override
        public Response busy() {
            return error(503, "server busy, please try again.  maximum pending requests exceeded");
        }

        @Override
        public Response quota() {
            return error(402, "you have reached your usage limit, please upgrade to continue");
        }

        @Override
        public Response failure(int status) {
            return error(status, "do embedding request: unexpected EOF");
        }
    }
}
