package io.embedlake.remote.format.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.Reading.Fault;
import io.embedlake.remote.format.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReasonsTest {
    private static final String PRIVATE = "my diary says that nobody shall read this";

    @Test
    void repeatTheProvidersWordsWithItsCodesAndTheIdOfTheRequest() {
        Fault fault = fault(
                429,
                "{\"error\":{\"message\":\"Rate limit reached.\",\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}");

        assertEquals("HTTP 429 rate_limit_exceeded requests: Rate limit reached. (request req_1)", fault.reason());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Incorrect API key provided: sk-abcd1234*****wxyz. Look there.",
                "Incorrect API key provided: sk-proj-a1b2c3d4e5f6.",
                "Invalid key pa-A1B2C3D4E5F6G7",
                "The key 0123456789abcdef is wrong",
                "Bearer eyJhbGciOi.J9eyJzdWIi is expired"
            })
    void hideWhatLooksLikeAKey(String words) {
        Fault fault = fault(401, "{\"error\":{\"message\":\"" + words + "\"}}");

        assertEquals(Cause.AUTHORISATION, fault.cause());
        for (String secret : List.of("abcd1234", "wxyz", "a1b2c3", "A1B2C3", "0123456789", "eyJ")) {
            assertFalse(fault.reason().contains(secret), fault.reason());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 422, 500, 502, 529, 498})
    void doNotRepeatAMessageThatNoRuleKnows(int status) {
        Fault fault = fault(status, "{\"error\":{\"message\":\"cannot embed: " + PRIVATE + "\",\"code\":\"odd\"}}");

        assertFalse(fault.reason().contains("diary"), fault.reason());
        assertTrue(fault.reason().startsWith("HTTP " + status + " odd"), fault.reason());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "maximum context length is 5 tokens, got data:image/png;base64,iVBORw0KGgo=, which is more",
                "maximum context length is 5 tokens: iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
            })
    void doNotRepeatAnImage(String words) {
        Fault fault = fault(400, "{\"error\":{\"message\":\"" + words + "\"}}");

        assertFalse(fault.reason().contains("iVBOR"), fault.reason());
        assertTrue(fault.reason().contains("maximum context length is 5 tokens"), fault.reason());
    }

    @Test
    void doNotRepeatLongQuotationsOfAMessageThatARuleKnows() {
        Fault fault = fault(
                400, "{\"error\":{\"message\":\"maximum context length is 5 tokens, got '" + PRIVATE + " at all'\"}}");

        assertEquals(Cause.TEXT_TOO_LONG, fault.cause());
        assertFalse(fault.reason().contains("diary"), fault.reason());
    }

    @Test
    void keepOrdinaryWordsThatBeginLikeKeys() {
        assertEquals(
                "HTTP 429: parameters and allowances of the keyboard's owner (request req_1)",
                fault(429, "{\"message\":\"parameters and allowances of the keyboard's owner\"}")
                        .reason());
    }

    @Test
    void apostrophesDoNotQuoteWhatStandsBetweenThem() {
        Fault fault = fault(
                400, "{\"message\":\"This model's maximum context length is 8192 tokens, shorten the caller's text\"}");

        assertEquals(Cause.TEXT_TOO_LONG, fault.cause());
    }

    @Test
    void aQuotedTextOfAUserDoesNotDecideWhatAnErrorMeans() {
        Fault fault = fault(
                400,
                "{\"message\":\"invalid text 'about the third dimension, and the insufficient_quota of time we have'\"}");

        assertEquals(Cause.BAD_TEXT, fault.cause());
    }

    @Test
    void sayThatTheServerForbidsToTryAgain() {
        Fault fault = ErrorClassifier.with()
                .ofError(new Reply(500, Map.of("x-should-retry", List.of("false")), new byte[0]), 2);

        assertEquals(Cause.QUOTA, fault.cause());
        assertEquals("HTTP 500; the server forbids to try again", fault.reason());
    }

    @Test
    void doNotRepeatTheInputThatValidationRepeats() {
        Fault fault = fault(
                422,
                "{\"detail\":[{\"type\":\"string_type\",\"loc\":[\"body\",\"input\",1],\"msg\":\"Input should be a valid string\",\"input\":\""
                        + PRIVATE + "\"}]}");

        assertFalse(fault.reason().contains("diary"), fault.reason());
    }

    @Test
    void areOneShortLine() {
        Fault fault = fault(429, "{\"message\":\"" + "wait\\n ".repeat(500) + "\"}");

        assertTrue(fault.reason().length() < 300, fault.reason());
        assertFalse(fault.reason().contains("\n"), fault.reason());
    }

    @Test
    void doNotRepeatPagesOfHtmlOrBodiesOfMegabytes() {
        assertEquals(
                "HTTP 404 (request req_1)",
                fault(404, "<html>" + PRIVATE + "</html>").reason());
        assertEquals(
                "HTTP 429 (request req_1)",
                fault(429, "{\"message\":\"" + PRIVATE.repeat(5000) + "\"}").reason());
    }

    private static Fault fault(int status, String body) {
        return ErrorClassifier.with()
                .ofError(
                        new Reply(
                                status,
                                Map.of("x-request-id", List.of("req_1")),
                                body.getBytes(StandardCharsets.UTF_8)),
                        2);
    }
}
