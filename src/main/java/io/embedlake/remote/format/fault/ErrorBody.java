package io.embedlake.remote.format.fault;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.format.Reply;
import io.embedlake.remote.format.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The content of an error reply, from any of the known envelopes. May hold a user's text: not for logs. Immutable.
 *
 * @param message the provider's words; empty where there is no JSON
 * @param codes its codes, types and reasons
 * @param parameter the part of the request that it names, or an empty text
 * @param text the place of the text that it names
 * @param delays how long to wait, by its fields
 */
record ErrorBody(String message, List<String> codes, String parameter, OptionalInt text, List<String> delays) {
    /** Validation repeats all that was sent: such a body is as long as a request. */
    private static final int MOST_BYTES = 16 << 20;

    /** A message that is longer is an echo. */
    private static final int MOST_CHARACTERS = 2000;

    private static final Pattern HTTP_STATUS = Pattern.compile("[45]\\d\\d");

    static ErrorBody of(Reply reply) {
        JsonNode root = reply.body().length > MOST_BYTES ? Json.tree(new byte[0]) : Json.tree(reply.body());
        // Google wraps the envelope into an array where it streams.
        JsonNode envelope = root.isArray() ? root.path(0) : root;
        JsonNode error = envelope.path("error").isObject() ? envelope.path("error") : envelope;
        List<String> codes = new ArrayList<>();
        List<String> delays = new ArrayList<>();
        reply.header("x-amzn-errortype").ifPresent(type -> codes.add(type.replaceFirst(":.*", "")));
        Stream.of(
                        error.path("code"),
                        error.path("type"),
                        error.path("status"),
                        error.path("error_code"),
                        error.path("__type"))
                .forEach(node -> code(node, codes));
        code(envelope.path("error_type"), codes);
        for (JsonNode detail : error.path("details")) {
            code(detail.path("reason"), codes);
            detail.path("violations").forEach(violation -> code(violation.path("quotaId"), codes));
            if (detail.path("retryDelay").isTextual()) {
                delays.add(detail.path("retryDelay").asText());
            }
        }
        JsonNode place = envelope.path("detail").path(0).path("loc");
        return new ErrorBody(
                message(envelope, error),
                List.copyOf(codes),
                parameter(error.path("param").asText(""), place),
                number(place),
                List.copyOf(delays));
    }

    /** The HTTP status that an error in a successful reply names as its code, as some gateways do. */
    OptionalInt status() {
        return codes.stream()
                .filter(code -> HTTP_STATUS.matcher(code).matches())
                .mapToInt(Integer::parseInt)
                .findFirst();
    }

    /** Whether the message may be one: an echo of what was sent is longer. */
    boolean isBrief() {
        return message.length() < MOST_CHARACTERS;
    }

    /** All that a rule may look at. */
    String subject() {
        return String.join(" ", codes) + " " + parameter + ": " + SafeWords.withoutQuotations(message);
    }

    private static void code(JsonNode node, List<String> codes) {
        if (node.isValueNode() && !node.isNull() && !node.asText().isBlank()) {
            codes.add(node.asText());
        }
    }

    private static String message(JsonNode envelope, JsonNode error) {
        String words = Stream.of(
                        error.path("message"),
                        envelope.path("message"),
                        envelope.path("Message"),
                        envelope.path("error"),
                        envelope.path("detail"),
                        envelope.path("detail").path(0).path("msg"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse("");
        return words.substring(0, Math.min(words.length(), MOST_CHARACTERS));
    }

    /** A parameter's name, or the last name on the way to the field that validation refuses. */
    private static String parameter(String named, JsonNode place) {
        String name = named.equals("null") ? "" : named;
        for (JsonNode step : place) {
            name = step.isTextual() && !step.asText().equals("body") ? step.asText() : name;
        }
        Matcher indexed = Pattern.compile("([^\\[]*)\\[.*").matcher(name);
        return indexed.matches() ? indexed.group(1) : name;
    }

    private static OptionalInt number(JsonNode place) {
        for (JsonNode step : place) {
            if (step.isInt()) {
                return OptionalInt.of(step.asInt());
            }
        }
        return OptionalInt.empty();
    }
}
