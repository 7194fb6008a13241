package io.embedlake.fake.api.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.embedlake.fake.api.Api;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Refusal;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Demand;
import io.embedlake.fake.service.Encoding;
import io.embedlake.fake.service.Errors;
import io.embedlake.fake.service.Inputs;
import io.embedlake.fake.service.Service;
import io.embedlake.fake.service.Shape;
import io.embedlake.fake.service.Throttled;
import io.embedlake.fake.service.Work;
import io.embedlake.fake.settings.Cap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The router of Hugging Face's inference providers, where the models are its own. Thread-safe. */
public final class RouterApi extends Api {
    private static final Pattern PIPELINE =
            Pattern.compile("/hf-inference/models/([^/]+(?:/[^/]+)?)/pipeline/feature-extraction");
    private static final int TEXT_TOKENS = 512;

    private final RouterErrors errors = new RouterErrors();

    public RouterApi(Service service) {
        super(service);
    }

    @Override
    protected Response serve(Request request) {
        service().admit(request, bearer(request), errors);
        Matcher pipeline = PIPELINE.matcher(request.path());
        if (!pipeline.matches() || !request.method().equals("POST")) {
            return errors.notFound(request);
        }
        if (!service().exists(pipeline.group(1))) {
            throw new Refusal(RouterErrors.error(404, "Model " + pipeline.group(1) + " does not exist"));
        }
        JsonNode body = body(request, errors);
        Inputs inputs = Inputs.ofTexts(body.path("inputs"), service().tokens())
                .filter(some -> !some.texts().isEmpty() && some.empty().isEmpty())
                .orElseThrow(() -> new Refusal(RouterErrors.error(400, "`inputs` cannot be empty")));
        int textTokens = (int) service().cap(Cap.TEXT_TOKENS, TEXT_TOKENS);
        if (!body.path("truncate").asBoolean(true) && inputs.longest() > textTokens) {
            throw new Refusal(RouterErrors.error(
                    422,
                    "Input validation error: `inputs` must have less than " + textTokens + " tokens. Given: "
                            + inputs.longest()));
        }
        int dimension = body.path("dimensions").asInt(service().dimension());
        Shape shape = body.path("normalize").asBoolean(true) ? Shape.unit(dimension) : Shape.raw(dimension);
        ArrayNode vectors = Json.array();
        service()
                .embed(
                        request,
                        new Work(
                                inputs.cutTo(textTokens),
                                Demand.call(inputs),
                                shape,
                                Encoding.FLOATS,
                                Work.Order.POSITIONAL),
                        errors)
                .forEach(item -> vectors.add(item.values()));
        return Response.json(200, vectors);
    }

    /** The router's words. Immutable. */
    private record RouterErrors() implements Errors {
        static Response error(int status, String message) {
            return Response.json(status, Json.object().put("error", message));
        }

        @Override
        public Response noKey() {
            return error(401, "Invalid username or password.");
        }

        @Override
        public Response wrongKey() {
            return error(401, "Invalid credentials in Authorization header");
        }

        @Override
        public Response notFound(Request request) {
            return error(404, "Not Found");
        }

        @Override
        public Response unreadable() {
            return error(400, "Bad Request: the body is no valid JSON");
        }

        @Override
        public Response throttled(Throttled why) {
            return error(429, "Too many requests. Please retry later.")
                    .with("RateLimit", "\"api\";r=0;t=" + why.seconds())
                    .with(
                            "RateLimit-Policy",
                            "\"fixed window\";\"api\";q=" + why.limit().amount() + ";w="
                                    + why.limit().window().toSeconds());
        }

        @Override
        public Response quota() {
            return error(
                    402,
                    "You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO to get"
                            + " more monthly included credits.");
        }

        @Override
        public Response loading() {
            return Response.json(
                    503,
                    Json.object().put("error", "The model is currently loading").put("estimated_time", 20.0));
        }

        @Override
        public Response failure(int status) {
            return error(status, "Internal Server Error");
        }
    }
}
