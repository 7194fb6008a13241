package io.embedlake.fake.api.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.api.Api;
import io.embedlake.fake.api.EmbeddingList;
import io.embedlake.fake.api.OpenAiErrors;
import io.embedlake.fake.batch.OpenAiBatches;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Refusal;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Allowance;
import io.embedlake.fake.service.Demand;
import io.embedlake.fake.service.Inputs;
import io.embedlake.fake.service.Item;
import io.embedlake.fake.service.Service;
import io.embedlake.fake.service.Shape;
import io.embedlake.fake.service.Work;
import io.embedlake.fake.settings.Cap;
import io.embedlake.fake.settings.Unit;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** OpenAI: embeddings, models, files and batches. Thread-safe. */
public final class OpenAiApi extends Api {
    static final String DEFAULT_MODEL = "text-embedding-3-small";
    static final int TEXTS = 2048;
    static final int TEXT_TOKENS = 8192;
    static final long CALL_TOKENS = 300_000;

    private static final String ADA = "text-embedding-ada-002";
    private static final Map<String, Integer> MODELS =
            Map.of(DEFAULT_MODEL, 1536, "text-embedding-3-large", 3072, ADA, 1536);
    private static final Set<String> FIELDS = Set.of("input", "model", "encoding_format", "dimensions", "user");

    private final OpenAiBatches batches;

    public OpenAiApi(Service service) {
        super(service);
        batches = new OpenAiBatches(
                OpenAiBatches.Kind.OPENAI, service, new OpenAiErrors(DEFAULT_MODEL), this::answerLine);
    }

    @Override
    protected Response serve(Request request) {
        OpenAiErrors errors = new OpenAiErrors(DEFAULT_MODEL);
        service().admit(request, bearer(request), errors);
        String path = request.path();
        Response response;
        if (path.equals("/v1/embeddings") && request.method().equals("POST")) {
            response = embeddings(request);
        } else if (path.equals("/v1/models") && request.method().equals("GET")) {
            response = models();
        } else if (path.startsWith("/v1/files") || path.startsWith("/v1/batches")) {
            response = batches.answer(request);
        } else {
            response = errors.notFound(request);
        }
        return response.with("x-request-id", service().fresh("req_"))
                .with("openai-version", "2020-10-01")
                .with("openai-organization", "org-fake");
    }

    private Response embeddings(Request request) {
        try {
            return embeddings(request, bodyOf(request))
                    .with(rateHeaders(service().allowances()));
        } catch (Refusal refusal) {
            return refusal.response().with(rateHeaders(service().allowances()));
        }
    }

    /** A line of a batch: checked like a call, without the limits in time of calls. */
    private Response answerLine(Request request) {
        try {
            return embeddings(request, bodyOf(request));
        } catch (Refusal refusal) {
            return refusal.response();
        }
    }

    private JsonNode bodyOf(Request request) {
        return body(request, new OpenAiErrors(DEFAULT_MODEL));
    }

    private Response embeddings(Request request, JsonNode body) {
        OpenAiErrors errors = new OpenAiErrors(body.path("model").asText());
        unknown(body, FIELDS).ifPresent(name -> {
            throw new Refusal(OpenAiErrors.invalid("Unrecognized request argument supplied: " + name, ""));
        });
        if (!body.path("model").isTextual()) {
            throw new Refusal(OpenAiErrors.invalid("you must provide a model parameter", ""));
        }
        Integer dimension = MODELS.get(errors.model());
        if (dimension == null) {
            throw new Refusal(errors.unknownModel());
        }
        Inputs inputs = inputs(body.path("input"), service());
        Shape shape = Shape.unit(dimension(body.path("dimensions"), errors.model(), dimension));
        List<Item> items = service()
                .embed(
                        request,
                        new Work(inputs, Demand.call(inputs), shape, EmbeddingList.encoding(body), Work.Order.INDEXED),
                        errors);
        ObjectNode list = EmbeddingList.of(items, errors.model());
        list.putObject("usage").put("prompt_tokens", inputs.sum()).put("total_tokens", inputs.sum());
        return Response.json(200, list);
    }

    /** The texts of a call, with OpenAI's limits. */
    static Inputs inputs(JsonNode input, Service service) {
        Inputs inputs = Inputs.ofTextsOrTokens(input, service.tokens())
                .filter(some -> !some.texts().isEmpty()
                        && some.empty().isEmpty()
                        && some.texts().size() <= service.cap(Cap.TEXTS, TEXTS))
                .orElseThrow(() -> new Refusal(OpenAiErrors.invalidInput()));
        long textTokens = service.cap(Cap.TEXT_TOKENS, TEXT_TOKENS);
        if (inputs.longest() > textTokens) {
            throw new Refusal(
                    OpenAiErrors.invalid("Invalid 'input': maximum context length is " + textTokens + " tokens.", ""));
        }
        long callTokens = service.cap(Cap.CALL_TOKENS, CALL_TOKENS);
        if (inputs.sum() > callTokens) {
            throw new Refusal(OpenAiErrors.error(
                    400,
                    "Requested " + inputs.sum() + " tokens, max " + callTokens + " tokens per request",
                    "max_tokens_per_request",
                    "",
                    "max_tokens_per_request"));
        }
        return inputs;
    }

    private int dimension(JsonNode asked, String model, int own) {
        if (asked.isMissingNode()) {
            return service().dimension(own);
        }
        if (model.equals(ADA)) {
            throw new Refusal(OpenAiErrors.invalid("This model does not support specifying dimensions.", ""));
        }
        if (!asked.isInt() || asked.intValue() < 1) {
            throw new Refusal(OpenAiErrors.invalid(
                    "'$.dimensions' is invalid. Please check the API reference:"
                            + " https://platform.openai.com/docs/api-reference.",
                    ""));
        }
        if (asked.intValue() > own) {
            throw new Refusal(OpenAiErrors.invalid(
                    "Invalid value for 'dimensions' = " + asked.intValue() + ". Must be less than or equal to " + own
                            + ".",
                    ""));
        }
        return asked.intValue();
    }

    private static Response models() {
        ObjectNode body = Json.object().put("object", "list");
        ArrayNode data = body.putArray("data");
        MODELS.keySet().stream().sorted().forEach(name -> data.addObject()
                .put("id", name)
                .put("object", "model")
                .put("created", 1_671_217_299)
                .put("owned_by", "openai-internal"));
        return Response.json(200, body);
    }

    /** What is left of a minute's requests and tokens, where they are limited. */
    static Map<String, String> rateHeaders(List<Allowance> allowances) {
        Map<String, String> headers = new java.util.TreeMap<>();
        for (Allowance allowance : allowances) {
            String unit = allowance.limit().unit() == Unit.TOKENS ? "tokens" : "requests";
            if (allowance.limit().unit() != Unit.INPUTS) {
                headers.put(
                        "x-ratelimit-limit-" + unit,
                        Long.toString(allowance.limit().amount()));
                headers.put("x-ratelimit-remaining-" + unit, Long.toString(allowance.left()));
                headers.put("x-ratelimit-reset-" + unit, EmbeddingList.goDuration(allowance.reset()));
            }
        }
        return headers;
    }
}
