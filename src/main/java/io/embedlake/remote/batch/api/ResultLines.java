package io.embedlake.remote.batch.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.remote.batch.BatchAnswer;
import io.embedlake.remote.format.Reading;
import io.embedlake.remote.format.Reply;
import io.embedlake.remote.format.WireFormat;
import io.embedlake.remote.format.json.Json;
import io.embedlake.remote.format.json.WrongAnswer;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Outcome.Embedded;
import io.embedlake.spi.Outcome.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Reads lines of results: their content is read by the format of single calls, with all of its checks. Immutable. */
record ResultLines(WireFormat format) {
    static final String ID = "custom_id";
    private static final int NO_STATUS = 400;
    private static final JsonFactory PARSERS = new JsonFactory();

    /** A line of OpenAI and compatible providers: {@code custom_id}, and {@code response} or {@code error}. */
    BatchAnswer answer(String line) {
        JsonNode tree = tree(line);
        String id = id(tree, ID);
        JsonNode response = tree.path("response");
        JsonNode error = tree.path("error");
        if (response.isObject() && !error.isObject()) {
            return new BatchAnswer(id, outcome(response.path("status_code").asInt(), response.path("body")));
        }
        if (!error.isObject()) {
            throw new WrongAnswer("a line has neither a response nor an error");
        }
        return new BatchAnswer(
                id,
                error.path("code").asText().equals("batch_expired")
                        ? new Refused(ErrorKind.TRANSIENT, "the batch expired before this text's turn")
                        : refused(error));
    }

    /** What a body means that a single call would have had. */
    Outcome outcome(int status, JsonNode body) {
        Reading reading =
                format.read(new Reply(status, Map.of(), body.toString().getBytes(StandardCharsets.UTF_8)), 1);
        if (reading instanceof Reading.Answer answer) {
            return new Embedded(
                    answer.vectors().get(0),
                    Optional.empty(),
                    (int) Math.min(Integer.MAX_VALUE, answer.tokens().orElse(0)),
                    0,
                    1,
                    !answer.cut().isEmpty());
        }
        Reading.Fault fault = (Reading.Fault) reading;
        return new Refused(fault.cause().kind(), fault.reason());
    }

    /** What an error without a status means. */
    Outcome refused(JsonNode error) {
        int code = error.path("code").asInt();
        ObjectNode body = ((ObjectNode) Json.tree(new byte[] {'{', '}'})).set("error", error);
        return outcome(code >= 400 && code < 600 ? code : NO_STATUS, body);
    }

    /** A line as JSON. */
    static JsonNode tree(String line) {
        JsonNode tree = Json.tree(line.getBytes(StandardCharsets.UTF_8));
        if (!tree.isObject()) {
            throw new WrongAnswer("a line is no JSON object");
        }
        return tree;
    }

    /** The id in a line that is not read any further. */
    static String id(String line, String field) {
        try (JsonParser parser = PARSERS.createParser(line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isId = parser.currentName().equals(field);
                if (parser.nextToken() == JsonToken.VALUE_STRING && isId) {
                    return parser.getText();
                }
                parser.skipChildren();
            }
        } catch (IOException e) {
            throw new WrongAnswer("a line is cut or is no JSON");
        }
        throw new WrongAnswer("a line has no " + field);
    }

    /** The id in a line. */
    static String id(JsonNode tree, String field) {
        if (!tree.path(field).isTextual()) {
            throw new WrongAnswer("a line has no " + field);
        }
        return tree.path(field).asText();
    }
}
