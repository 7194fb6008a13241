package io.embedlake.fake.api.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.api.Api;
import io.embedlake.fake.api.EmbeddingList;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Refusal;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Demand;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Databricks model serving: endpoints of one's own, by their address or by OpenAI's. Thread-safe. */
public final class DatabricksApi extends Api {
    private static final Pattern INVOCATIONS = Pattern.compile("/serving-endpoints/([^/]+)/invocations");
    private static final String OPENAI = "/serving-endpoints/embeddings";
    private static final int TEXTS = 150;
    private static final int DIMENSION = 1024;
    private static final int TEXT_TOKENS = 8192;
    private static final int TEXT_TOKENS_OF_BGE = 512;

    private final DatabricksErrors errors = new DatabricksErrors();

    public DatabricksApi(Service service) {
        super(service);
    }

    @Override
    protected Response serve(Request request) {
        service().admit(request, bearer(request), errors);
        Matcher invocations = INVOCATIONS.matcher(request.path());
        boolean isPost = request.method().equals("POST");
        if (!isPost || !invocations.matches() && !request.path().equals(OPENAI)) {
            return errors.notFound(request);
        }
        JsonNode body = body(request, errors);
        String endpoint = invocations.matches()
                ? invocations.group(1)
                : body.path("model").asText();
        if (!service().exists(endpoint)) {
            throw new Refusal(DatabricksErrors.error(
                    404,
                    "RESOURCE_DOES_NOT_EXIST",
                    "The given endpoint does not exist, please retry after checking the"
                            + " specified model and version deployment exists."));
        }
        Inputs inputs = inputs(body, endpoint.contains("bge") ? TEXT_TOKENS_OF_BGE : TEXT_TOKENS);
        List<Item> items = service()
                .embed(
                        request,
                        new Work(
                                inputs,
                                Demand.call(inputs),
                                Shape.unit(service().dimension(DIMENSION)),
                                EmbeddingList.encoding(body),
                                Work.Order.INDEXED),
                        errors);
        ObjectNode list = EmbeddingList.of(items, endpoint.replaceFirst("^databricks-", ""))
                .put("id", service().fresh(""));
        list.putObject("usage").put("prompt_tokens", inputs.sum()).put("total_tokens", inputs.sum());
        return Response.json(200, list);
    }

    private Inputs inputs(JsonNode body, int ownTextTokens) {
        Inputs inputs = Inputs.ofTexts(body.path("input"), service().tokens())
                .filter(some -> !some.texts().isEmpty() && some.empty().isEmpty())
                .orElseThrow(() -> new Refusal(
                        DatabricksErrors.invalid("input must be a non-empty text or list of" + " non-empty texts")));
        long texts = service().cap(Cap.TEXTS, TEXTS);
        if (inputs.texts().size() > texts) {
            throw new Refusal(DatabricksErrors.invalid("input embeddings size is too large. It must be smaller than or"
                    + " equal to " + texts + ", but got " + inputs.texts().size()));
        }
        long textTokens = service().cap(Cap.TEXT_TOKENS, ownTextTokens);
        if (inputs.longest() > textTokens) {
            throw new Refusal(DatabricksErrors.invalid("This model's maximum context length is " + textTokens
                    + " tokens, however you requested " + inputs.longest() + " tokens."));
        }
        return inputs;
    }

    /** The words of Databricks. Immutable. */
    private record DatabricksErrors() implements Errors {
        static Response error(int status, String code, String message) {
            return Response.json(status, Json.object().put("error_code", code).put("message", message));
        }

        static Response invalid(String message) {
            return error(400, "BAD_REQUEST", message);
        }

        @Override
        public Response noKey() {
            return error(401, "401", "Credential was not sent or was of an unsupported type for this API.");
        }

        @Override
        public Response wrongKey() {
            return error(403, "403", "Invalid access token.");
        }

        @Override
        public Response expired() {
            return error(401, "401", "Token is expired.");
        }

        @Override
        public Response notFound(Request request) {
            return error(
                    404, "ENDPOINT_NOT_FOUND", "No API found for '" + request.method() + " " + request.path() + "'");
        }

        @Override
        public Response unreadable() {
            return error(400, "MALFORMED_REQUEST", "Invalid JSON given in the body of the request");
        }

        @Override
        public Response throttled(Throttled why) {
            String unit = why.limit().unit() == Unit.TOKENS ? "input tokens" : "requests";
            return error(
                    429,
                    "REQUEST_LIMIT_EXCEEDED",
                    "REQUEST_LIMIT_EXCEEDED: Exceeded workspace " + unit + " rate limit of "
                            + why.limit().amount() + " per "
                            + why.limit().window().toSeconds() + " seconds.");
        }

        @Override
        public Response quota() {
            return error(403, "PERMISSION_DENIED", "The budget of this workspace is used up.");
        }

        @Override
        public Response loading() {
            return error(503, "TEMPORARILY_UNAVAILABLE", "The endpoint is scaling up from zero.");
        }

        @Override
        public Response failure(int status) {
            return error(status, status == 503 ? "TEMPORARILY_UNAVAILABLE" : "INTERNAL_ERROR", "Internal error.");
        }
    }
}
