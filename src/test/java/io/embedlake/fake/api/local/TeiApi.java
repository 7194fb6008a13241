package io.embedlake.fake.api.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.api.Api;
import io.embedlake.fake.api.EmbeddingList;
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
import io.embedlake.fake.service.TokenSource;
import io.embedlake.fake.service.Work;
import io.embedlake.fake.settings.Cap;
import java.util.ArrayList;
import java.util.List;

/** Hugging Face's text-embeddings-inference. Its tokens are those of {@link TeiTokens}, whatever the settings count. Thread-safe. */
public final class TeiApi extends Api {
    /** How many texts it works on at once. */
    public static final int CONCURRENT_TEXTS = 512;

    private static final int TEXTS = 32;
    private static final int TEXT_TOKENS = 512;
    private static final long BYTES = 2_000_000;
    private static final String MODEL = "sentence-transformers/all-MiniLM-L6-v2";

    private final TeiErrors errors = new TeiErrors();
    private final TeiTokens tokens;

    public TeiApi(Service service) {
        super(service);
        tokens = new TeiTokens(service.tokenSource());
    }

    @Override
    protected Response serve(Request request) {
        String route = request.method() + " " + request.path();
        switch (route) {
            case "GET /", "GET /health", "GET /ping", "GET /metrics":
                return Response.empty(200);
            default:
        }
        if (service().settings().keys().isEmpty()) {
            service().admit(request, errors);
        } else {
            service().admit(request, bearer(request), errors);
        }
        return switch (route) {
            case "GET /info" -> info();
            case "POST /", "POST /embed" -> embed(request);
            case "POST /embed_all" -> embedAll(request);
            case "POST /tokenize" -> tokenize(request);
            case "POST /embeddings", "POST /v1/embeddings" -> openAi(request);
            default -> errors.notFound(request);
        };
    }

    private Response info() {
        ObjectNode info = Json.object()
                .put("model_id", MODEL)
                .put("model_sha", "0000000000000000000000000000000000000000")
                .put("model_dtype", "float32")
                .put("served_model_name", MODEL);
        info.putObject("model_type").putObject("embedding").put("pooling", "mean");
        info.put("max_concurrent_requests", service().settings().concurrency().orElse(CONCURRENT_TEXTS))
                .put("max_input_length", textTokens())
                .put("max_batch_tokens", 16_384)
                .put("max_batch_requests", (Integer) null)
                .put("max_client_batch_size", service().cap(Cap.TEXTS, TEXTS))
                .put("auto_truncate", true)
                .put("tokenization_workers", 4)
                .put("version", "1.9.3")
                .put("sha", (String) null)
                .put("docker_label", (String) null);
        return Response.json(200, info);
    }

    private int textTokens() {
        return (int) service().cap(Cap.TEXT_TOKENS, TEXT_TOKENS);
    }

    private Inputs inputs(JsonNode input, JsonNode truncate, String field) {
        Inputs inputs = Inputs.ofTextsOrTokens(input, tokens::count)
                .orElseThrow(() -> new Refusal(Response.text(
                        422,
                        "Failed to deserialize the JSON body into the target type: " + field
                                + ": data did not match any variant of untagged enum Input")));
        if (inputs.texts().isEmpty() || inputs.empty().isPresent()) {
            throw new Refusal(TeiErrors.error(400, "Empty", "`" + field + "` cannot be empty"));
        }
        long texts = service().cap(Cap.TEXTS, TEXTS);
        if (inputs.texts().size() > texts) {
            throw new Refusal(TeiErrors.error(
                    422,
                    "Validation",
                    "batch size " + inputs.texts().size() + " > maximum allowed batch size " + texts));
        }
        if (!truncate.asBoolean(true) && inputs.longest() > textTokens()) {
            throw new Refusal(TeiErrors.error(
                    422,
                    "Validation",
                    "Input validation error: `inputs` must have less than " + textTokens() + " tokens. Given: "
                            + inputs.longest()));
        }
        return inputs.cutTo(textTokens());
    }

    private Response embed(Request request) {
        JsonNode body = body(request, errors, BYTES);
        Inputs inputs = inputs(body.path("inputs"), body.path("truncate"), "inputs");
        int dimension = dimension(body.path("dimensions"));
        Shape shape = body.path("normalize").asBoolean(true) ? Shape.unit(dimension) : Shape.raw(dimension);
        ArrayNode vectors = Json.array();
        service()
                .embed(
                        request,
                        new Work(inputs, Demand.texts(inputs), shape, Encoding.FLOATS, Work.Order.POSITIONAL),
                        errors)
                .forEach(item -> vectors.add(item.values()));
        return timed(Response.json(200, vectors), inputs);
    }

    private int dimension(JsonNode asked) {
        int own = service().dimension();
        if (asked.isMissingNode() || asked.isNull()) {
            return own;
        }
        if (asked.asInt() < 1 || asked.asInt() > own) {
            throw new Refusal(
                    TeiErrors.error(422, "Validation", "`dimensions` should be positive and less or equal to " + own));
        }
        return asked.asInt();
    }

    /** A vector for each token, special ones included, as the model left them. */
    private Response embedAll(Request request) {
        JsonNode body = body(request, errors, BYTES);
        Inputs inputs = inputs(body.path("inputs"), body.path("truncate"), "inputs");
        List<String> words = new ArrayList<>();
        inputs.texts().forEach(text -> words.addAll(tokens.words(text, textTokens())));
        Work work = new Work(
                inputs, Demand.texts(inputs), Shape.raw(service().dimension()), Encoding.FLOATS, Work.Order.POSITIONAL);
        service().embed(request, work, errors);
        if (service().tokenSource().isPresent()) {
            return timed(
                    Response.json(200, ofModel(inputs, service().tokenSource().get())), inputs);
        }
        Inputs all = Inputs.of(words, token -> 1);
        List<Item> vectors =
                service().again(new Work(all, Demand.call(all), work.shape(), Encoding.FLOATS, Work.Order.POSITIONAL));
        ArrayNode texts = Json.array();
        int next = 0;
        for (String text : inputs.texts()) {
            ArrayNode list = texts.addArray();
            for (int i = tokens.words(text, textTokens()).size(); i > 0; i--) {
                list.add(vectors.get(next++).values());
            }
        }
        return timed(Response.json(200, texts), inputs);
    }

    /** Nobody has asked for the vectors of special tokens yet: they are nothing but zeros. */
    private ArrayNode ofModel(Inputs inputs, TokenSource source) {
        ArrayNode texts = Json.array();
        for (String text : inputs.texts()) {
            ArrayNode rows = texts.addArray();
            float[] special = new float[service().dimension()];
            row(rows, special);
            source.tokens(text).stream().limit(textTokens() - 2L).forEach(token -> row(rows, token.vector()));
            row(rows, special);
        }
        return texts;
    }

    private static void row(ArrayNode rows, float[] vector) {
        ArrayNode row = rows.addArray();
        for (float value : vector) {
            row.add(value);
        }
    }

    private Response openAi(Request request) {
        JsonNode body = body(request, errors, BYTES);
        Inputs inputs;
        try {
            inputs = inputs(body.path("input"), body.path("truncate"), "input");
        } catch (Refusal refusal) {
            throw new Refusal(TeiErrors.asOpenAi(refusal.response()));
        }
        List<Item> items = service()
                .embed(
                        request,
                        new Work(
                                inputs,
                                Demand.texts(inputs),
                                Shape.unit(dimension(body.path("dimensions"))),
                                EmbeddingList.encoding(body),
                                Work.Order.INDEXED),
                        errors);
        ObjectNode list = EmbeddingList.of(items, MODEL);
        list.putObject("usage").put("prompt_tokens", inputs.sum()).put("total_tokens", inputs.sum());
        return timed(Response.json(200, list), inputs);
    }

    private Response tokenize(Request request) {
        JsonNode body = body(request, errors, BYTES);
        Inputs inputs = inputs(body.path("inputs"), Json.object(), "inputs");
        boolean special = body.path("add_special_tokens").asBoolean(true);
        ArrayNode texts = Json.array();
        inputs.texts().forEach(text -> texts.add(tokens.json(text, special)));
        return Response.json(200, texts);
    }

    private static Response timed(Response response, Inputs inputs) {
        long characters = inputs.texts().stream().mapToLong(String::length).sum();
        return response.with("x-compute-type", "cpu")
                .with("x-compute-characters", characters)
                .with("x-compute-tokens", inputs.sum())
                .with("x-compute-time", 5)
                .with("x-total-time", 5)
                .with("x-tokenization-time", 0)
                .with("x-queue-time", 0)
                .with("x-inference-time", 5);
    }

    /** The server's words. Immutable. */
    private record TeiErrors() implements Errors {
        static Response error(int status, String type, String message) {
            return Response.json(status, Json.object().put("error", message).put("error_type", type));
        }

        /** The same on the routes of OpenAI, where it is not nested as OpenAI's own is. */
        static Response asOpenAi(Response plain) {
            return Json.read(plain.body())
                    .filter(body -> body.has("error_type"))
                    .map(body -> Response.json(
                            plain.status(),
                            Json.object()
                                    .put("message", body.path("error").asText())
                                    .put("code", plain.status())
                                    .put("type", body.path("error_type").asText())))
                    .orElse(plain);
        }

        @Override
        public Response noKey() {
            return Response.empty(401);
        }

        @Override
        public Response wrongKey() {
            return Response.empty(401);
        }

        @Override
        public Response notFound(Request request) {
            return Response.empty(404);
        }

        @Override
        public Response unreadable() {
            return Response.text(400, "Failed to parse the request body as JSON: EOF while parsing a value");
        }

        @Override
        public Response throttled(Throttled why) {
            return busy();
        }

        @Override
        public Response busy() {
            return error(429, "Overloaded", "Model is overloaded");
        }

        @Override
        public Response quota() {
            return busy();
        }

        @Override
        public Response loading() {
            return Response.page(502, "Bad Gateway");
        }

        @Override
        public Response failure(int status) {
            return status == 503
                    ? error(503, "Unhealthy", "Unhealthy")
                    : error(424, "Backend", "Inference error: backend failed");
        }

        @Override
        public Response tooBig(long bytes, long cap) {
            return Response.text(413, "Failed to buffer the request body: length limit exceeded");
        }
    }
}
