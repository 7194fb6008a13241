package io.embedlake.fake.api.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.api.Api;
import io.embedlake.fake.api.EmbeddingList;
import io.embedlake.fake.batch.MistralBatches;
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
import io.embedlake.fake.service.Service;
import io.embedlake.fake.service.Shape;
import io.embedlake.fake.service.Throttled;
import io.embedlake.fake.service.Work;
import io.embedlake.fake.settings.Cap;
import io.embedlake.fake.settings.Unit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Mistral: embeddings, files and batch jobs. Thread-safe. */
public final class MistralApi extends Api {
    private static final int TEXTS = 256;
    private static final int TEXT_TOKENS = 8192;
    private static final long CALL_TOKENS = 16_384;
    /** The server counts the signs that begin and end a text. */
    private static final int TOKENS_AROUND = 2;

    private static final Map<String, Model> MODELS = Map.of(
            "mistral-embed", Model.of(1024, TEXT_TOKENS),
            "mistral-embed-2312", Model.of(1024, TEXT_TOKENS),
            "codestral-embed", Model.of(1536, TEXT_TOKENS),
            "codestral-embed-2505", Model.of(1536, TEXT_TOKENS));
    private static final int LONGEST = 3072;
    private static final Set<String> FIELDS =
            Set.of("model", "input", "output_dimension", "output_dtype", "encoding_format", "metadata");
    private static final Map<String, Type> TYPES = Map.of(
            "float",
            Type.FLOAT,
            "int8",
            Type.INT8,
            "uint8",
            Type.UINT8,
            "binary",
            Type.BINARY,
            "ubinary",
            Type.UBINARY);

    private final MistralErrors errors = new MistralErrors();
    private final MistralBatches batches;

    public MistralApi(Service service) {
        super(service);
        batches = new MistralBatches(service, errors, this::answerLine);
    }

    @Override
    protected Response serve(Request request) {
        service().admit(request, bearer(request), errors);
        if (request.path().startsWith("/v1/files") || request.path().startsWith("/v1/batch/jobs")) {
            return batches.answer(request);
        }
        if (!request.path().equals("/v1/embeddings") || !request.method().equals("POST")) {
            return errors.notFound(request);
        }
        return embeddings(request, body(request, errors))
                .with("mistral-correlation-id", service().fresh(""));
    }

    private Response answerLine(Request request) {
        try {
            return embeddings(request, body(request, errors));
        } catch (Refusal refusal) {
            return refusal.response();
        }
    }

    private Response embeddings(Request request, JsonNode body) {
        unknown(body, FIELDS).ifPresent(name -> {
            throw new Refusal(MistralErrors.unprocessable(name, "Extra inputs are not permitted", "extra_forbidden"));
        });
        String name = body.path("model").asText();
        Model model = MODELS.get(name);
        if (model == null) {
            throw new Refusal(MistralErrors.error(400, "Invalid model: " + name, "invalid_model", "1500"));
        }
        Inputs inputs = inputs(body);
        Type type = TYPES.get(body.path("output_dtype").asText("float"));
        if (type == null) {
            throw new Refusal(MistralErrors.unprocessable("output_dtype", "Input should be 'float'", "enum"));
        }
        Encoding encoding =
                new Encoding(type, body.path("encoding_format").asText().equals("base64") ? Form.BASE64 : Form.NUMBERS);
        Shape shape = Shape.unit(dimension(body.path("output_dimension"), name, model));
        List<Item> items = service()
                .embed(request, new Work(inputs, Demand.call(inputs), shape, encoding, Work.Order.INDEXED), errors);
        ObjectNode list = EmbeddingList.of(items, name).put("id", service().fresh(""));
        list.putObject("usage")
                .put("prompt_audio_seconds", (Integer) null)
                .put("prompt_tokens", inputs.sum())
                .put("total_tokens", inputs.sum())
                .put("completion_tokens", 0)
                .put("request_count", (Integer) null)
                .put("prompt_tokens_details", (String) null);
        return Response.json(200, list)
                .with("x-ratelimit-tokens-query-cost", inputs.sum())
                .with(rateHeaders());
    }

    private Inputs inputs(JsonNode body) {
        Inputs inputs = Inputs.ofTexts(
                        body.path("input"), text -> service().tokens().applyAsInt(text) + TOKENS_AROUND)
                .filter(some -> !some.texts().isEmpty())
                .orElseThrow(() -> new Refusal(
                        MistralErrors.unprocessable("input", "Input should be a valid string", "string_type")));
        if (inputs.texts().size() > service().cap(Cap.TEXTS, TEXTS)) {
            throw new Refusal(MistralErrors.tooMany("inputs in request"));
        }
        if (inputs.longest() > service().cap(Cap.TEXT_TOKENS, TEXT_TOKENS)) {
            throw new Refusal(MistralErrors.error(
                    400,
                    "Input id has " + inputs.longest() + " tokens, exceeding max "
                            + service().cap(Cap.TEXT_TOKENS, TEXT_TOKENS) + " tokens.",
                    "invalid_request_prompt",
                    "3210"));
        }
        if (inputs.sum() > service().cap(Cap.CALL_TOKENS, CALL_TOKENS)) {
            throw new Refusal(MistralErrors.tooMany("tokens overall"));
        }
        return inputs;
    }

    private int dimension(JsonNode asked, String name, Model model) {
        if (asked.isMissingNode() || asked.isNull()) {
            return service().dimension(model.dimension());
        }
        if (!name.startsWith("codestral") || asked.asInt() < 1 || asked.asInt() > LONGEST) {
            throw new Refusal(MistralErrors.error(
                    400, "This model does not support output_dimension.", "invalid_request_error", "3051"));
        }
        return asked.asInt();
    }

    private Map<String, String> rateHeaders() {
        Map<String, String> headers = new TreeMap<>();
        for (Allowance allowance : service().allowances()) {
            String unit = allowance.limit().unit() == Unit.TOKENS ? "tokens" : "req";
            long seconds = allowance.limit().window().toSeconds();
            String name = unit + (seconds == 60 ? "-minute" : "-" + seconds + "-second");
            headers.put(
                    "x-ratelimit-limit-" + name, Long.toString(allowance.limit().amount()));
            headers.put("x-ratelimit-remaining-" + name, Long.toString(allowance.left()));
        }
        return headers;
    }

    /** Mistral's words. Immutable. */
    private record MistralErrors() implements Errors {
        static Response error(int status, String message, String type, String code) {
            return Response.json(
                    status,
                    Json.object()
                            .put("object", "error")
                            .put("message", message)
                            .put("type", type)
                            .put("param", (String) null)
                            .put("code", code));
        }

        static Response tooMany(String what) {
            return error(400, "Too many " + what + ", split into more batches.", "invalid_request_prompt", "3210");
        }

        static Response unprocessable(String field, String message, String type) {
            ObjectNode body = Json.object();
            ObjectNode detail = body.putArray("detail").addObject();
            detail.put("type", type).putArray("loc").add("body").add(field);
            detail.put("msg", message);
            return Response.json(422, body);
        }

        @Override
        public Response noKey() {
            return DetailErrors.detail(401, "Invalid API Key");
        }

        @Override
        public Response wrongKey() {
            return noKey();
        }

        @Override
        public Response notFound(Request request) {
            return DetailErrors.detail(404, "Not Found");
        }

        @Override
        public Response unreadable() {
            return unprocessable("0", "JSON decode error", "json_invalid");
        }

        @Override
        public Response throttled(Throttled why) {
            return error(429, "Rate limit exceeded", "rate_limited", "1300").with("Retry-After", why.seconds());
        }

        @Override
        public Response quota() {
            return error(402, "You have no credits left. Add credits to continue.", "insufficient_credits", "1301");
        }

        @Override
        public Response failure(int status) {
            return error(status, "Service unavailable.", "internal_server_error", "3000");
        }
    }
}
