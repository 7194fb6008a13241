package io.embedlake.fake.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Errors;
import io.embedlake.fake.service.Throttled;
import io.embedlake.fake.settings.Unit;
import java.util.Locale;

/**
 * OpenAI's words. Immutable.
 *
 * @param model that the request names
 */
public record OpenAiErrors(String model) implements Errors {
    /** The type of most errors. */
    public static final String INVALID_REQUEST = "invalid_request_error";

    /** {@code {"error": {"message", "type", "param", "code"}}}; an empty word stands for null. */
    public static Response error(int status, String message, String type, String param, String code) {
        ObjectNode body = Json.object();
        ObjectNode error = body.putObject("error");
        error.put("message", message).put("type", type);
        error.put("param", param.isEmpty() ? null : param).put("code", code.isEmpty() ? null : code);
        return Response.json(status, body);
    }

    /** Status 400. */
    public static Response invalid(String message, String param) {
        return error(400, message, INVALID_REQUEST, param, "");
    }

    /** The input has a wrong type or length, or an empty text. */
    public static Response invalidInput() {
        return invalid(
                "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.",
                "");
    }

    /** There is no such model. */
    public Response unknownModel() {
        return error(
                404,
                "The model `" + model + "` does not exist or you do not have access to it.",
                INVALID_REQUEST,
                "",
                "model_not_found");
    }

    @Override
    public Response noKey() {
        return unauthorised(
                "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer"
                        + " auth (i.e. Authorization: Bearer YOUR_KEY).",
                "");
    }

    @Override
    public Response wrongKey() {
        return unauthorised(
                "Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.",
                "invalid_api_key");
    }

    private static Response unauthorised(String message, String code) {
        return error(401, message, INVALID_REQUEST, "", code).with("WWW-Authenticate", "Bearer realm=\"OpenAI API\"");
    }

    @Override
    public Response notFound(Request request) {
        return error(404, "Invalid URL (" + request.method() + " " + request.path() + ")", INVALID_REQUEST, "", "");
    }

    @Override
    public Response unreadable() {
        return invalid(
                "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP"
                        + " library correctly. The OpenAI API expects a JSON payload.)",
                "");
    }

    @Override
    public Response throttled(Throttled why) {
        boolean tokens = why.limit().unit() == Unit.TOKENS;
        String unit = tokens ? "tokens" : "requests";
        String window = why.limit().window().toSeconds() == 60
                ? "per min (" + (tokens ? "TPM" : "RPM") + ")"
                : "per " + why.limit().window().toSeconds() + "s";
        return error(
                        429,
                        String.format(
                                Locale.ROOT,
                                "Rate limit reached for %s in organization org-fake on %s %s: Limit %d, Used %d,"
                                        + " Requested %d. Please try again in %s. Visit"
                                        + " https://platform.openai.com/account/rate-limits to learn more.",
                                model,
                                unit,
                                window,
                                why.limit().amount(),
                                why.used(),
                                why.asked(),
                                EmbeddingList.goDuration(why.delay())),
                        unit,
                        "",
                        "rate_limit_exceeded")
                .with("Retry-After", why.seconds())
                .with("retry-after-ms", why.delay().toMillis());
    }

    @Override
    public Response quota() {
        return error(
                429,
                "You exceeded your current quota, please check your plan and billing details. For more information on"
                        + " this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
                "insufficient_quota",
                "",
                "insufficient_quota");
    }

    @Override
    public Response failure(int status) {
        return error(
                status,
                "The server had an error while processing your request. Sorry about that!",
                "server_error",
                "",
                "");
    }
}
