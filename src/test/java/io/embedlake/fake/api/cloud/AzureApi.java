package io.embedlake.fake.api.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.api.Api;
import io.embedlake.fake.api.EmbeddingList;
import io.embedlake.fake.api.OpenAiErrors;
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
import io.embedlake.fake.settings.RateLimit;
import io.embedlake.fake.settings.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Azure OpenAI: the address with the deployment in its path, and the newer one without. Thread-safe. */
public final class AzureApi extends Api {
    private static final Pattern CLASSIC = Pattern.compile("/openai/deployments/([^/]+)/embeddings");
    private static final String V1 = "/openai/v1/embeddings";
    private static final int TEXTS_OF_2023 = 16;
    /** Azure counts tokens when a request arrives, from its characters alone. */
    private static final int CHARACTERS_PER_TOKEN = 4;

    private final Version version;

    /** How many texts a call takes. */
    public enum Version {
        /** 2,048 texts. */
        CURRENT,
        /** 16 texts. */
        OF_2023
    }

    public AzureApi(Service service, Version version) {
        super(service);
        this.version = version;
    }

    /** Azure looks at a minute's requests every ten seconds: a burst is refused long before the minute is used up. */
    public static List<RateLimit> smoothed(List<RateLimit> limits) {
        List<RateLimit> all = new ArrayList<>(limits);
        for (RateLimit limit : limits) {
            if (limit.unit() == Unit.REQUESTS && limit.window().equals(Duration.ofMinutes(1))) {
                all.add(new RateLimit(Unit.REQUESTS, Math.max(1, limit.amount() / 6), Duration.ofSeconds(10)));
            }
        }
        return all;
    }

    @Override
    protected Response serve(Request request) {
        service().admit(request, request.header("api-key").or(() -> bearer(request)), new AzureErrors("", "429"));
        Matcher classic = CLASSIC.matcher(request.path());
        boolean isPost = request.method().equals("POST");
        Response response;
        if (isPost && classic.matches() && request.query().containsKey("api-version")) {
            response = embeddings(request, classic.group(1), new AzureErrors(classic.group(1), "429"));
        } else if (isPost && request.path().equals(V1)) {
            String deployment =
                    body(request, new AzureErrors("", "429")).path("model").asText();
            response = embeddings(request, deployment, new AzureErrors(deployment, "RateLimitReached"));
        } else {
            response = new AzureErrors("", "429").notFound(request);
        }
        return response.with("apim-request-id", service().fresh("")).with("x-ms-region", "Sweden Central");
    }

    private Response embeddings(Request request, String deployment, AzureErrors errors) {
        if (!service().exists(deployment)) {
            throw new Refusal(AzureErrors.error(
                    404,
                    "DeploymentNotFound",
                    "The API deployment for this resource does not exist. If you created the deployment within the last"
                            + " 5 minutes, please wait a moment and try again."));
        }
        JsonNode body = body(request, errors);
        checkCount(body.path("input"));
        Inputs inputs = OpenAiApi.inputs(body.path("input"), service());
        int own = deployment.contains("large") ? 3072 : 1536;
        Shape shape = Shape.unit(body.path("dimensions").asInt(service().dimension(own)));
        long characters = inputs.texts().stream().mapToLong(String::length).sum();
        Demand demand = new Demand(
                1,
                (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN,
                inputs.texts().size(),
                1);
        List<Item> items = service()
                .embed(
                        request,
                        new Work(inputs, demand, shape, EmbeddingList.encoding(body), Work.Order.INDEXED),
                        errors);
        // The name of the model that is behind the deployment, not the deployment's.
        ObjectNode list = EmbeddingList.of(items, own == 3072 ? "text-embedding-3-large" : "text-embedding-3-small");
        list.put("id", service().fresh("embd-"));
        list.putObject("usage")
                .put("prompt_tokens", inputs.sum())
                .put("completion_tokens", 0)
                .put("total_tokens", inputs.sum());
        Map<String, String> headers = new java.util.TreeMap<>();
        OpenAiApi.rateHeaders(service().allowances()).forEach((name, value) -> {
            if (name.contains("remaining")) {
                headers.put(name, value);
            }
        });
        return Response.json(200, list)
                .with(headers)
                .with("num-tokens", inputs.sum())
                .with("num-chars", characters);
    }

    private void checkCount(JsonNode input) {
        long cap = service().cap(Cap.TEXTS, version == Version.OF_2023 ? TEXTS_OF_2023 : OpenAiApi.TEXTS);
        if (version == Version.OF_2023 && input.size() > cap) {
            throw new Refusal(OpenAiErrors.invalid(
                    "Too many inputs. The max number of inputs is " + cap
                            + ".  We hope to increase the number of inputs per request soon. Please contact us through an"
                            + " Azure support request at: https://go.microsoft.com/fwlink/?linkid=2213926 for further"
                            + " questions.",
                    ""));
        }
    }

    /** Azure's words. Immutable. */
    private record AzureErrors(String deployment, String throttlingCode) implements Errors {
        static Response error(int status, String code, String message) {
            ObjectNode body = Json.object();
            body.putObject("error").put("code", code).put("message", message);
            return Response.json(status, body);
        }

        @Override
        public Response noKey() {
            return wrongKey();
        }

        @Override
        public Response wrongKey() {
            return error(
                    401,
                    "401",
                    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid"
                            + " key for an active subscription and use a correct regional API endpoint for your"
                            + " resource.");
        }

        @Override
        public Response expired() {
            return error(
                    401, "Unauthorized", "Access token is missing, invalid, audience is incorrect, or have expired.");
        }

        @Override
        public Response notFound(Request request) {
            return error(404, "404", "Resource not found");
        }

        @Override
        public Response unreadable() {
            return error(400, "BadRequest", "The request body is not valid JSON.");
        }

        @Override
        public Response throttled(Throttled why) {
            String retry = " Please retry after " + why.seconds() + " second" + (why.seconds() == 1 ? "." : "s.");
            String message = throttlingCode.equals("429")
                    ? "Requests to the Embeddings_Create Operation under Azure OpenAI API version 2024-10-21 have"
                            + " exceeded " + (why.limit().unit() == Unit.TOKENS ? "token" : "call")
                            + " rate limit of your current OpenAI S0 pricing tier." + retry
                            + " Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase"
                            + " the default rate limit."
                    : "Your requests to " + deployment + " for " + deployment + " in Sweden Central have exceeded the "
                            + (why.limit().unit() == Unit.TOKENS ? "token" : "call") + " rate limit." + retry;
            return error(429, throttlingCode, message).with("Retry-After", why.seconds());
        }

        @Override
        public Response quota() {
            return error(
                            429,
                            "429",
                            "Requests to the Embeddings_Create Operation under Azure OpenAI API version 2024-10-21 have"
                                    + " exceeded call rate limit of your current OpenAI F0 pricing tier. Please retry"
                                    + " after 86400 seconds.")
                    .with("Retry-After", 86_400);
        }

        @Override
        public Response failure(int status) {
            return error(
                    status,
                    Integer.toString(status),
                    "The server had an error while processing your request. Sorry about that!");
        }
    }
}
