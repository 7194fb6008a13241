package io.embedlake.fake.api.cloud;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Errors;
import io.embedlake.fake.service.Throttled;
import io.embedlake.fake.settings.Unit;
import java.time.Duration;

/**
 * Google's words, of both of its APIs. Immutable.
 *
 * @param keyKind what Vertex AI and the Gemini API say differently of keys
 */
record GoogleErrors(KeyKind keyKind) implements Errors {
    private static final String INVALID_ARGUMENT = "INVALID_ARGUMENT";
    private static final String TYPE = "@type";

    /** What opens the door. */
    enum KeyKind {
        API_KEY,
        OAUTH
    }

    static Response error(int code, String status, String message, ArrayNode details) {
        ObjectNode body = Json.object();
        ObjectNode error = body.putObject("error");
        error.put("code", code).put("message", message).put("status", status);
        if (!details.isEmpty()) {
            error.set("details", details);
        }
        return Response.json(code, body);
    }

    static Response invalid(String message) {
        return error(400, INVALID_ARGUMENT, message, Json.array());
    }

    static Response notFound(String message) {
        return error(404, "NOT_FOUND", message, Json.array());
    }

    @Override
    public Response noKey() {
        if (keyKind == KeyKind.OAUTH) {
            return wrongKey();
        }
        return error(
                403,
                "PERMISSION_DENIED",
                "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or"
                        + " other form of API consumer identity to call this API.",
                Json.array());
    }

    @Override
    public Response wrongKey() {
        if (keyKind == KeyKind.OAUTH) {
            return error(
                    401,
                    "UNAUTHENTICATED",
                    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or"
                            + " other valid authentication credential.",
                    reason("ACCESS_TOKEN_EXPIRED", "aiplatform.googleapis.com"));
        }
        return error(
                400,
                INVALID_ARGUMENT,
                "API key not valid. Please pass a valid API key.",
                reason("API_KEY_INVALID", "generativelanguage.googleapis.com"));
    }

    private static ArrayNode reason(String reason, String service) {
        ArrayNode details = Json.array();
        details.addObject()
                .put(TYPE, "type.googleapis.com/google.rpc.ErrorInfo")
                .put("reason", reason)
                .put("domain", "googleapis.com")
                .putObject("metadata")
                .put("service", service);
        return details;
    }

    @Override
    public Response notFound(Request request) {
        return Response.page(404, "Not Found");
    }

    @Override
    public Response unreadable() {
        return invalid("Invalid JSON payload received. Unexpected end of string.");
    }

    @Override
    public Response throttled(Throttled why) {
        String metric = why.limit().unit() == Unit.TOKENS ? "input_token_count" : "requests";
        return exhausted(
                metric,
                "EmbedContentRequestsPerMinutePerProjectPerModel",
                why.limit().amount(),
                why.delay());
    }

    @Override
    public Response quota() {
        return exhausted(
                "requests",
                "EmbedContentRequestsPerDayPerUserPerProjectPerModel-FreeTier",
                1000,
                Duration.ofSeconds(48));
    }

    private Response exhausted(String metric, String quotaId, long limit, Duration delay) {
        if (keyKind == KeyKind.OAUTH) {
            return error(
                    429,
                    "RESOURCE_EXHAUSTED",
                    "Quota exceeded for aiplatform.googleapis.com/online_prediction_requests_per_base_model with base"
                            + " model: textembedding-gecko. Please submit a quota increase request."
                            + (quotaId.contains("PerDay") ? " (PerDay)" : ""),
                    Json.array());
        }
        String name = "generativelanguage.googleapis.com/embed_content_free_tier_" + metric;
        ArrayNode details = Json.array();
        details.addObject()
                .put(TYPE, "type.googleapis.com/google.rpc.QuotaFailure")
                .putArray("violations")
                .addObject()
                .put("quotaMetric", name)
                .put("quotaId", quotaId)
                .put("quotaValue", Long.toString(limit));
        // Whole seconds here, with fractions in the text: as recorded.
        details.addObject()
                .put(TYPE, "type.googleapis.com/google.rpc.RetryInfo")
                .put("retryDelay", delay.toSeconds() + "s");
        return error(
                429,
                "RESOURCE_EXHAUSTED",
                "You exceeded your current quota, please check your plan and billing details.\n* Quota exceeded for"
                        + " metric: " + name + ", limit: " + limit + "\nPlease retry in "
                        + delay.toNanos() / 1e9 + "s.",
                details);
    }

    @Override
    public Response failure(int status) {
        return switch (status) {
            case 503, 529 ->
                error(503, "UNAVAILABLE", "The model is overloaded. Please try again later.", Json.array());
            case 504 ->
                error(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete.", Json.array());
            default ->
                error(
                        status,
                        "INTERNAL",
                        "An internal error has occurred. Please retry or report in"
                                + " https://developers.generativeai.google/guide/troubleshooting",
                        Json.array());
        };
    }
}
