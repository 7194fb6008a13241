package io.embedlake.fake.api.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.api.Api;
import io.embedlake.fake.api.EmbeddingList;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Refusal;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Allowance;
import io.embedlake.fake.service.Demand;
import io.embedlake.fake.service.Encoding;
import io.embedlake.fake.service.Encoding.Form;
import io.embedlake.fake.service.Encoding.Type;
import io.embedlake.fake.service.Errors;
import io.embedlake.fake.service.Inputs;
import io.embedlake.fake.service.Item;
import io.embedlake.fake.service.SentImage;
import io.embedlake.fake.service.Service;
import io.embedlake.fake.service.Shape;
import io.embedlake.fake.service.Throttled;
import io.embedlake.fake.service.Work;
import io.embedlake.fake.settings.Cap;
import io.embedlake.fake.settings.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Jina AI. Thread-safe. */
public final class JinaApi extends Api {
    private static final int TEXTS = 2048;
    private static final Map<String, Model> MODELS = Map.of(
            "jina-embeddings-v3", Model.of(1024, 8192),
            "jina-embeddings-v4", Model.of(2048, 32_768),
            "jina-clip-v1", Model.of(768, 8192),
            "jina-clip-v2", Model.of(1024, 8192),
            "jina-embeddings-v2-base-en", Model.of(768, 8192));
    private static final Set<String> IMAGES = Set.of("jpeg", "png", "webp", "gif");
    private static final Set<String> TASKS = Set.of(
            "retrieval.query",
            "retrieval.passage",
            "text-matching",
            "classification",
            "separation",
            "code.query",
            "code.passage");
    private static final Map<String, Encoding> TYPES = Map.of(
            "float",
            Encoding.FLOATS,
            "base64",
            Encoding.BASE64,
            "binary",
            new Encoding(Type.BINARY, Form.NUMBERS),
            "ubinary",
            new Encoding(Type.UBINARY, Form.NUMBERS));

    private final JinaErrors errors = new JinaErrors();

    public JinaApi(Service service) {
        super(service);
    }

    @Override
    protected Response serve(Request request) {
        service().admit(request, bearer(request), errors);
        if (!request.path().equals("/v1/embeddings") || !request.method().equals("POST")) {
            return errors.notFound(request);
        }
        JsonNode body = body(request, errors);
        String name = body.path("model").asText();
        Model model = MODELS.get(name);
        if (model == null) {
            throw new Refusal(DetailErrors.detail(
                    400, "[INPUT_MODEL_NOT_FOUND] The model '" + name + "' was not found or is not available."));
        }
        if (body.has("task") && !TASKS.contains(body.path("task").asText())) {
            throw new Refusal(DetailErrors.detail(422, "[INPUT_VALIDATION_FAILED] Invalid value for 'task'."));
        }
        JsonNode type = body.path("embedding_type");
        Encoding encoding = TYPES.get(type.isArray() ? type.path(0).asText() : type.asText("float"));
        if (encoding == null) {
            throw new Refusal(
                    DetailErrors.detail(422, "[INPUT_VALIDATION_FAILED] Invalid value for 'embedding_type'."));
        }
        Inputs inputs = inputs(body, model);
        int dimension = body.path("dimensions").asInt(service().dimension(model.dimension()));
        if (dimension < 1 || dimension > Math.max(model.dimension(), service().dimension(model.dimension()))) {
            throw new Refusal(DetailErrors.detail(422, "[INPUT_VALIDATION_FAILED] Invalid value for 'dimensions'."));
        }
        // Only who asks for it gets vectors as the model made them.
        Shape shape = body.path("normalized").asBoolean(true) ? Shape.unit(dimension) : Shape.raw(dimension);
        List<Item> items = service()
                .embed(request, new Work(inputs, Demand.call(inputs), shape, encoding, Work.Order.INDEXED), errors);
        ObjectNode list = EmbeddingList.of(items, name);
        list.putObject("usage").put("total_tokens", inputs.sum()).put("prompt_tokens", inputs.sum());
        return Response.json(200, list).with(rateHeaders());
    }

    private static boolean takesImages(String model) {
        return model.contains("clip") || model.contains("v4");
    }

    private Inputs images(JsonNode body) {
        List<String> names = new ArrayList<>();
        List<Integer> tokens = new ArrayList<>();
        for (JsonNode input : body.path("input")) {
            SentImage image = SentImage.ofBase64(input.path("image").asText(), IMAGES)
                    .filter(some -> takesImages(body.path("model").asText()))
                    .orElseThrow(() -> new Refusal(DetailErrors.detail(
                            422, "[INPUT_VALIDATION_FAILED] Invalid value for 'image', or the model takes none.")));
            names.add(image.name());
            tokens.add((int) image.header().tiles(28) * 10);
        }
        if (names.size() > service().cap(Cap.TEXTS, TEXTS)) {
            throw new Refusal(DetailErrors.detail(422, "[INPUT_VALIDATION_FAILED] Too many images."));
        }
        return new Inputs(names, tokens);
    }

    private Inputs inputs(JsonNode body, Model model) {
        if (body.path("input").path(0).has("image")) {
            return images(body);
        }
        ArrayNode texts = Json.array();
        JsonNode input = body.path("input");
        for (JsonNode text : input.isArray() ? input : List.of(input)) {
            texts.add(text.isObject() ? text.path("text") : text);
        }
        Inputs inputs = Inputs.ofTexts(texts, service().tokens())
                .filter(some -> !some.texts().isEmpty()
                        && some.texts().size() <= service().cap(Cap.TEXTS, TEXTS)
                        && some.empty().isEmpty())
                .orElseThrow(() -> new Refusal(DetailErrors.detail(
                        422,
                        "[INPUT_VALIDATION_FAILED] Input should be a text or a list of 1 to "
                                + service().cap(Cap.TEXTS, TEXTS) + " texts, none of them empty.")));
        int textTokens = (int) service().cap(Cap.TEXT_TOKENS, model.textTokens());
        if (!body.path("truncate").asBoolean(false) && inputs.longest() > textTokens) {
            throw new Refusal(DetailErrors.detail(
                    400,
                    "[INPUT_TOKEN_LIMIT_EXCEEDED] Input text exceeds the model's maximum context length of "
                            + textTokens + " tokens."));
        }
        return inputs.cutTo(textTokens);
    }

    private Map<String, String> rateHeaders() {
        Map<String, String> headers = new TreeMap<>();
        for (Allowance allowance : service().allowances()) {
            String unit = allowance.limit().unit() == Unit.TOKENS ? "Tokens" : "Requests";
            headers.put(
                    "X-RateLimit-Limit-" + unit, Long.toString(allowance.limit().amount()));
            headers.put("X-RateLimit-Remaining-" + unit, Long.toString(allowance.left()));
        }
        return headers;
    }

    /** Jina's words. Immutable. */
    private record JinaErrors() implements Errors {
        @Override
        public Response noKey() {
            return DetailErrors.detail(401, "[AUTH_MISSING_TOKEN] Missing API key. Add it as a bearer token.");
        }

        @Override
        public Response wrongKey() {
            return DetailErrors.detail(401, "[AUTH_INVALID_TOKEN] Invalid API key.");
        }

        @Override
        public Response notFound(Request request) {
            return DetailErrors.detail(404, "Not Found");
        }

        @Override
        public Response unreadable() {
            return DetailErrors.detail(422, "[INPUT_VALIDATION_FAILED] There was an error parsing the body");
        }

        @Override
        public Response throttled(Throttled why) {
            String unit = why.limit().unit() == Unit.TOKENS ? "TOKEN" : "REQUEST";
            return DetailErrors.detail(
                    429,
                    "[RATE_" + unit + "_LIMIT_EXCEEDED] Per minute limit of "
                            + why.limit().amount() + " exceeded.");
        }

        @Override
        public Response busy() {
            return DetailErrors.detail(429, "[RATE_CONCURRENCY_LIMIT_EXCEEDED] Too many requests at once.");
        }

        @Override
        public Response quota() {
            return DetailErrors.detail(
                    403, "[AUTHZ_INSUFFICIENT_BALANCE] Account balance not enough to run this query, please recharge.");
        }

        @Override
        public Response failure(int status) {
            return DetailErrors.detail(status, "Internal server error");
        }
    }
}
