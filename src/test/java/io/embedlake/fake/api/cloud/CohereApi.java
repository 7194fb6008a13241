package io.embedlake.fake.api.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.api.Api;
import io.embedlake.fake.batch.CohereJobs;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Refusal;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
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
import io.embedlake.fake.settings.RoughTokens;
import io.embedlake.fake.settings.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** Cohere: embeddings of both versions, the tokenizer, data sets and embed jobs. Thread-safe. */
public final class CohereApi extends Api {
    private static final int TEXTS = 96;
    private static final Set<String> IMAGES = Set.of("jpeg", "png", "webp", "gif");
    private static final int IMAGE_BYTES = 5_000_000;
    private static final int CALL_BYTES = 20_000_000;
    private static final Set<Integer> LENGTHS = Set.of(256, 512, 1024, 1536);
    private static final Map<String, Model> MODELS = Map.of(
            "embed-v4.0", new Model(1536, LENGTHS, 128_000, Long.MAX_VALUE),
            "embed-english-v3.0", Model.of(1024, 512),
            "embed-multilingual-v3.0", Model.of(1024, 512),
            "embed-english-light-v3.0", Model.of(384, 512),
            "embed-multilingual-light-v3.0", Model.of(384, 512));
    private static final Set<String> INPUT_TYPES =
            Set.of("search_document", "search_query", "classification", "clustering", "image");
    private static final Set<String> FIELDS = Set.of(
            "model",
            "input_type",
            "texts",
            "images",
            "inputs",
            "embedding_types",
            "output_dimension",
            "max_tokens",
            "truncate",
            "priority");
    private static final Map<String, Encoding> TYPES = Map.of(
            "float", Encoding.FLOATS,
            "int8", new Encoding(Type.INT8, Form.NUMBERS),
            "uint8", new Encoding(Type.UINT8, Form.NUMBERS),
            "binary", new Encoding(Type.BINARY, Form.NUMBERS),
            "ubinary", new Encoding(Type.UBINARY, Form.NUMBERS),
            "base64", Encoding.BASE64);

    private final CohereErrors errors = new CohereErrors();

    private final CohereJobs jobs;

    public CohereApi(Service service) {
        super(service);
        jobs = new CohereJobs(service, errors, this::answerLine);
    }

    /** A text of a job. */
    private Response answerLine(Request request) {
        try {
            return embed(request, "2");
        } catch (Refusal refusal) {
            return refusal.response();
        }
    }

    @Override
    protected Response serve(Request request) {
        Optional<Response> part = jobs.part(request);
        if (part.isPresent()) {
            return part.get();
        }
        service().admit(request, bearer(request), errors);
        boolean isPost = request.method().equals("POST");
        Response response =
                switch (request.path()) {
                    case "/v2/embed" -> isPost ? embed(request, "2") : errors.notFound(request);
                    case "/v1/embed" -> isPost ? embed(request, "1") : errors.notFound(request);
                    case "/v1/tokenize" -> isPost ? tokenize(request) : errors.notFound(request);
                    default -> jobs.answer(request).orElseGet(() -> errors.notFound(request));
                };
        return response.with("x-debug-trace-id", service().fresh(""));
    }

    private Response embed(Request request, String version) {
        JsonNode body = body(request, errors);
        unknown(body, FIELDS).ifPresent(name -> {
            throw new Refusal(CohereErrors.error(422, "unknown field: parameter " + name + " is not a valid field"));
        });
        Model model = model(body);
        Charged charged = charged(body, model);
        Inputs inputs = charged.inputs();
        List<String> types = new ArrayList<>();
        body.path("embedding_types").forEach(type -> types.add(type.asText()));
        if (types.stream().anyMatch(type -> !TYPES.containsKey(type))) {
            throw new Refusal(CohereErrors.error(400, "invalid request: valid embedding_types must be provided"));
        }
        boolean byType = version.equals("2") || !types.isEmpty();
        Shape shape = Shape.unit(dimension(body.path("output_dimension"), model));
        Map<String, List<Item>> embeddings = new LinkedHashMap<>();
        for (String type : types.isEmpty() ? List.of("float") : types) {
            embeddings.put(
                    type,
                    embeddings.isEmpty()
                            ? service().embed(request, work(inputs, shape, TYPES.get(type)), errors)
                            : service().again(work(inputs, shape, TYPES.get(type))));
        }
        return answer(charged, embeddings, byType, version);
    }

    private static Work work(Inputs inputs, Shape shape, Encoding encoding) {
        return new Work(inputs, Demand.call(inputs), shape, encoding, Work.Order.POSITIONAL);
    }

    private Model model(JsonNode body) {
        String name = body.path("model").asText();
        Model model = MODELS.get(name);
        if (model == null) {
            throw new Refusal(CohereErrors.error(
                    404,
                    "model '" + name
                            + "' not found, make sure the correct model ID was used and that you have access to"
                            + " the model."));
        }
        if (!INPUT_TYPES.contains(body.path("input_type").asText())) {
            throw new Refusal(CohereErrors.error(
                    400,
                    "invalid request: valid input_type must be provided with the provided model, allowed values are:"
                            + " [classification, clustering, image, search_document, search_query]"));
        }
        return model;
    }

    /**
     * The inputs of a call and what is charged for them.
     *
     * @param unit {@code input_tokens}, {@code image_tokens} or {@code images}
     */
    private record Charged(Inputs inputs, String unit) {}

    private Charged charged(JsonNode body, Model model) {
        boolean isFourth = body.path("model").asText().contains("v4");
        long kinds = Stream.of("texts", "images", "inputs").filter(body::has).count();
        if (kinds > 1) {
            throw new Refusal(
                    CohereErrors.error(400, "invalid request: only one of texts, images or inputs must be provided"));
        }
        if (body.has("images")) {
            if (!body.path("input_type").asText().equals("image")) {
                throw new Refusal(CohereErrors.error(400, "invalid request: input_type must be image for images"));
            }
            List<String> uris = new ArrayList<>();
            body.path("images").forEach(uri -> uris.add(uri.asText()));
            return new Charged(
                    images(uris, 1, image -> isFourth ? tokens(image) : 1), isFourth ? "image_tokens" : "images");
        }
        if (!body.has("inputs")) {
            return new Charged(inputs(body, model), "input_tokens");
        }
        if (!isFourth || body.path("input_type").asText().equals("image")) {
            throw new Refusal(CohereErrors.error(
                    400, "invalid request: inputs are not supported with this model and input_type"));
        }
        List<String> uris = new ArrayList<>();
        for (JsonNode input : body.path("inputs")) {
            JsonNode content = input.path("content").path(0);
            if (input.path("content").size() != 1
                    || !content.path("type").asText().equals("image_url")) {
                throw new Refusal(CohereErrors.error(400, "invalid request: invalid content in inputs"));
            }
            uris.add(content.path("image_url").path("url").asText());
        }
        return new Charged(images(uris, TEXTS, CohereApi::tokens), "image_tokens");
    }

    /** About what Cohere says of a picture of 512 x 512. */
    private static int tokens(SentImage image) {
        return (int) Math.max(20, image.header().pixels() / 163);
    }

    private Inputs images(List<String> uris, int own, ToIntFunction<SentImage> tokens) {
        long most = service().cap(Cap.TEXTS, own);
        if (uris.isEmpty() || uris.size() > most) {
            throw new Refusal(CohereErrors.error(
                    400,
                    "invalid request: total number of images must be at most " + most + " - received " + uris.size()));
        }
        List<String> names = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        long bytes = 0;
        for (String uri : uris) {
            SentImage image = SentImage.ofDataUri(uri, IMAGES)
                    .orElseThrow(() -> new Refusal(CohereErrors.error(
                            400, "invalid request: image must be a valid data URI of type jpeg, png, webp or gif")));
            bytes += image.bytes();
            if (image.bytes() > IMAGE_BYTES || bytes > CALL_BYTES) {
                throw new Refusal(CohereErrors.error(400, "invalid request: image size exceeds the limit"));
            }
            names.add(image.name());
            counts.add(tokens.applyAsInt(image));
        }
        return new Inputs(names, counts);
    }

    private Inputs inputs(JsonNode body, Model model) {
        Inputs inputs = Inputs.ofTexts(body.path("texts"), service().tokens())
                .filter(some -> !some.texts().isEmpty())
                .orElseThrow(() -> new Refusal(CohereErrors.error(
                        400, "invalid request: at least one of texts, images or inputs must be provided")));
        long texts = service().cap(Cap.TEXTS, TEXTS);
        if (inputs.texts().size() > texts) {
            throw new Refusal(CohereErrors.error(
                    400,
                    "invalid request: total number of texts must be at most " + texts + " - received "
                            + inputs.texts().size()));
        }
        inputs.empty().ifPresent(place -> {
            throw new Refusal(CohereErrors.error(
                    400, "invalid request: inputs contains an element that is the empty string at index " + place));
        });
        int longest = (int) service().cap(Cap.TEXT_TOKENS, model.textTokens());
        if (body.path("truncate").asText().equals("NONE") && inputs.longest() > longest) {
            throw new Refusal(CohereErrors.error(
                    400,
                    "too many tokens: size limit exceeded by " + (inputs.longest() - longest) + " tokens. Try using"
                            + " shorter or fewer inputs. The limit for this model is " + longest + " tokens."));
        }
        return inputs.cutTo(longest);
    }

    private int dimension(JsonNode asked, Model model) {
        if (asked.isMissingNode()) {
            return service().dimension(model.dimension());
        }
        if (!model.dimensions().contains(asked.asInt())) {
            throw new Refusal(
                    CohereErrors.error(400, "invalid request: output_dimension must be one of [256, 512, 1024, 1536]"));
        }
        return asked.asInt();
    }

    private Response answer(Charged charged, Map<String, List<Item>> embeddings, boolean byType, String version) {
        ObjectNode body = Json.object().put("id", service().fresh("bff4-"));
        Inputs inputs = charged.inputs();
        ArrayNode texts = body.putArray("texts");
        if (charged.unit().equals("input_tokens")) {
            inputs.texts().forEach(texts::add);
        }
        ObjectNode types = Json.object();
        embeddings.forEach((type, items) ->
                items.forEach(item -> types.withArray("/" + type).add(item.values())));
        embeddings.keySet().forEach(type -> types.withArray("/" + type));
        body.set("embeddings", byType ? types : types.get("float"));
        ObjectNode meta = body.putObject("meta");
        meta.putObject("api_version").put("version", version);
        meta.putObject("billed_units").put(charged.unit(), inputs.sum());
        body.put("response_type", byType ? "embeddings_by_type" : "embeddings_floats");
        long characters = inputs.texts().stream().mapToLong(String::length).sum();
        return Response.json(200, body).with("num-tokens", inputs.sum()).with("num-chars", characters);
    }

    private Response tokenize(Request request) {
        String text = body(request, errors).path("text").asText();
        ObjectNode body = Json.object();
        ArrayNode tokens = body.putArray("tokens");
        ArrayNode strings = body.putArray("token_strings");
        for (RoughTokens.Span span : RoughTokens.spans(text)) {
            String token = text.substring(span.start(), span.stop());
            tokens.add(token.hashCode() & 0xFFFF);
            strings.add(token);
        }
        return Response.json(200, body);
    }

    /** Cohere's words. Immutable. */
    private record CohereErrors() implements Errors {
        static Response error(int status, String message) {
            return Response.json(
                    status,
                    Json.object()
                            .put("id", "6ad0c0ee-6a05-4dcc-8a3a-000000000000")
                            .put("message", message));
        }

        @Override
        public Response noKey() {
            return error(401, "no api key supplied");
        }

        @Override
        public Response wrongKey() {
            return error(401, "invalid api token");
        }

        @Override
        public Response notFound(Request request) {
            return error(404, "invalid request: route not found");
        }

        @Override
        public Response unreadable() {
            return error(400, "invalid request: invalid json syntax");
        }

        @Override
        public Response throttled(Throttled why) {
            return error(
                    429,
                    why.limit().unit() == Unit.TOKENS
                            ? "token rate limit exceeded, limit is "
                                    + why.limit().amount() + " tokens per minute"
                            : "You are past the per minute request limit, please wait and try again later.");
        }

        @Override
        public Response quota() {
            return error(
                    429,
                    "You are using a Trial key, which is limited to 1000 API calls / month. You can continue to use the"
                            + " Trial key for free or upgrade to a Production key with higher rate limits.");
        }

        @Override
        public Response failure(int status) {
            return error(status, "internal server error");
        }
    }
}
