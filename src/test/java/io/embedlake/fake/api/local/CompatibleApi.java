package io.embedlake.fake.api.local;

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
import java.util.List;

/** Servers that speak OpenAI's format with words of their own: vLLM and llama.cpp. Thread-safe. */
public final class CompatibleApi extends Api {
    private static final int TEXT_TOKENS = 512;

    private final Flavour flavour;
    private final CompatibleErrors errors;

    /** Whose words. */
    public enum Flavour {
        VLLM,
        /** It calls a text that is too long a failure of its own, status 500. */
        LLAMACPP
    }

    public CompatibleApi(Service service, Flavour flavour) {
        super(service);
        this.flavour = flavour;
        errors = new CompatibleErrors(flavour);
    }

    @Override
    protected Response serve(Request request) {
        if (service().settings().keys().isEmpty()) {
            service().admit(request, errors);
        } else {
            service().admit(request, bearer(request), errors);
        }
        if (!request.path().equals("/v1/embeddings") || !request.method().equals("POST")) {
            return errors.notFound(request);
        }
        JsonNode body = body(request, errors);
        String model = body.path("model").asText();
        if (flavour == Flavour.VLLM && !service().exists(model)) {
            throw new Refusal(errors.error(404, "The model `" + model + "` does not exist.", "NotFoundError", "model"));
        }
        Inputs inputs = inputs(body);
        List<Item> items = service()
                .embed(
                        request,
                        new Work(
                                inputs,
                                Demand.call(inputs),
                                Shape.unit(dimension(body.path("dimensions"))),
                                EmbeddingList.encoding(body),
                                Work.Order.INDEXED),
                        errors);
        ObjectNode list = EmbeddingList.of(items, model);
        if (flavour == Flavour.VLLM) {
            list.put("id", service().fresh("embd-"))
                    .put("created", service().clock().instant().getEpochSecond());
        }
        list.putObject("usage")
                .put("prompt_tokens", inputs.sum())
                .put("total_tokens", inputs.sum())
                .put("completion_tokens", 0);
        return Response.json(200, list);
    }

    private Inputs inputs(JsonNode body) {
        Inputs inputs = Inputs.ofTextsOrTokens(body.path("input"), service().tokens())
                .filter(some -> !some.texts().isEmpty())
                .orElseThrow(() -> new Refusal(errors.error(
                        400, "Input should be a valid string or a list of them", "BadRequestError", "input")));
        service().settings().cap(Cap.TEXTS).ifPresent(cap -> {
            if (inputs.texts().size() > cap) {
                throw new Refusal(errors.error(
                        400,
                        "batch size is invalid, it should not be larger than " + cap + ".",
                        "BadRequestError",
                        "input"));
            }
        });
        int textTokens = (int) service().cap(Cap.TEXT_TOKENS, TEXT_TOKENS);
        if (body.path("truncate_prompt_tokens").asInt() == -1) {
            return inputs.cutTo(textTokens);
        }
        if (inputs.longest() > textTokens) {
            throw new Refusal(errors.tooLong(inputs.longest(), textTokens));
        }
        return inputs;
    }

    private int dimension(JsonNode asked) {
        if (asked.isMissingNode() || asked.isNull()) {
            return service().dimension();
        }
        throw new Refusal(errors.error(
                400,
                "Model does not support matryoshka representation, changing output dimensions will lead to poor results.",
                "BadRequestError",
                "dimensions"));
    }

    /** The words of either. Immutable. */
    private record CompatibleErrors(Flavour flavour) implements Errors {
        /** The code is a number, unlike OpenAI's. */
        Response error(int status, String message, String type, String param) {
            ObjectNode body = Json.object();
            ObjectNode error = body.putObject("error").put("message", message).put("type", type);
            if (flavour == Flavour.VLLM) {
                error.put("param", param.isEmpty() ? null : param);
            }
            error.put("code", status);
            return Response.json(status, body);
        }

        Response tooLong(int tokens, int cap) {
            if (flavour == Flavour.LLAMACPP) {
                return error(
                        500,
                        "input (" + tokens
                                + " tokens) is too large to process. increase the physical batch size (current"
                                + " batch size: " + cap + ")",
                        "server_error",
                        "");
            }
            return error(
                    400,
                    "This model's maximum context length is " + cap + " tokens. However, you requested " + tokens
                            + " tokens in the input for embedding generation. Please reduce the length of the input.",
                    "BadRequestError",
                    "input_tokens");
        }

        @Override
        public Response noKey() {
            return wrongKey();
        }

        @Override
        public Response wrongKey() {
            return flavour == Flavour.VLLM
                    ? Response.json(401, Json.object().put("error", "Unauthorized"))
                    : error(401, "Invalid API Key", "authentication_error", "");
        }

        @Override
        public Response notFound(Request request) {
            return flavour == Flavour.VLLM
                    ? Response.json(404, Json.object().put("detail", "Not Found"))
                    : error(404, "File Not Found", "not_found_error", "");
        }

        @Override
        public Response unreadable() {
            return error(400, "Invalid JSON in the body", "BadRequestError", "");
        }

        @Override
        public Response throttled(Throttled why) {
            return error(429, "Too many requests", "RateLimitError", "").with("Retry-After", why.seconds());
        }

        @Override
        public Response quota() {
            return error(402, "Insufficient credits", "BillingError", "");
        }

        @Override
        public Response loading() {
            return error(503, "Loading model", "unavailable_error", "");
        }

        @Override
        public Response failure(int status) {
            return error(status, "Internal server error", "InternalServerError", "");
        }
    }
}
