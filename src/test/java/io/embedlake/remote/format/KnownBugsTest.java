package io.embedlake.remote.format;

import static io.embedlake.remote.format.Bodies.answer;
import static io.embedlake.remote.format.Bodies.assertWrong;
import static io.embedlake.remote.format.Bodies.items;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.embedlake.remote.format.Reading.Answer;
import io.embedlake.remote.format.Reading.Fault;
import io.embedlake.remote.platform.Formats;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What went wrong elsewhere, once each; what became of vectors is in {@link BrokenAnswersTest}. */
class KnownBugsTest {
    private static final Map<String, ModelFormat> FORMATS = Goldens.formats();
    private static final ModelFormat PLAIN = Formats.of("openai-compatible", "any");

    @Test
    void anEmptyTextThatOllamaAnswersWithNothingIsAFault() {
        assertWrong(FORMATS.get("ollama"), "{\"model\":\"m\",\"embeddings\":[]}", 1, "0 vectors for 1 texts");
    }

    @Test
    void aNumberThatOllamaCannotWriteCondemnsATextAndIsNotTriedForEver() {
        Fault fault = fault("ollama", 500, "{\"error\":\"failed to encode response: json: unsupported value: NaN\"}");

        assertEquals(Cause.BAD_TEXT, fault.cause());
    }

    @Test
    void oneFusedVectorForSeveralTextsOfGeminiIsAFault() {
        assertWrong(FORMATS.get("gemini"), "{\"embeddings\":[{\"values\":[1,2,3,4]}]}", 2, "1 vectors for 2 texts");
    }

    @Test
    void everyTextOfGeminiIsARequestOfItsOwn() {
        Call call = FORMATS.get("gemini").call(List.of("a", "b", "c"));

        assertEquals(3, Goldens.parse(call.body()).path("requests").size());
    }

    @Test
    void oneTextThatIsTooLongIsToldFromACallThatIsTooBig() {
        String text = "{\"error\":{\"message\":\"Invalid 'input[1]': maximum context length is 8192 tokens.\"}}";
        String call =
                "{\"error\":{\"message\":\"Requested 309209 tokens, max 300000 tokens per request\",\"code\":\"max_tokens_per_request\"}}";

        assertEquals(Cause.TEXT_TOO_LONG, fault("openai", 400, text).cause());
        assertEquals(OptionalInt.of(1), fault("openai", 400, text).text());
        assertEquals(Cause.CALL_TOO_BIG, fault("openai", 400, call).cause());
    }

    @Test
    void anOldAzureThatTakesSixteenInputsSaysSo() {
        Fault fault =
                fault("azure", 400, "{\"error\":{\"message\":\"Too many inputs. The max number of inputs is 16.\"}}");

        assertEquals(OptionalInt.of(16), fault.cap());
        assertEquals(Optional.of(Budgets.Part.TEXTS), fault.exceeded());
    }

    @Test
    void aRetryAfterOfADayIsToldAsItIsAndASecondIsNotUndercutByZeroMilliseconds() {
        Fault day = (Fault)
                FORMATS.get("azure").read(new Reply(429, Map.of("retry-after", List.of("86400")), new byte[0]), 5);
        Fault second = (Fault) FORMATS.get("azure")
                .read(
                        new Reply(
                                429, Map.of("retry-after", List.of("1"), "retry-after-ms", List.of("0")), new byte[0]),
                        5);

        assertEquals(Optional.of(Duration.ofDays(1)), day.delay());
        assertEquals(Optional.of(Duration.ofSeconds(1)), second.delay());
    }

    @Test
    void aSpentQuotaIsNoRateToWaitFor() {
        Fault fault = fault(
                "openai",
                429,
                "{\"error\":{\"message\":\"You exceeded your current quota\",\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}}");

        assertEquals(Cause.QUOTA, fault.cause());
    }

    @Test
    void quotesAndLineEndsAndControlCharactersOfATextSurvive() {
        String text = "say \"hi\"\r\n\tback\\slash \u0000\u0007\u2028 naïve 東京 🌍";
        byte[] body = PLAIN.call(List.of(text)).body();

        assertEquals(text, Goldens.parse(body).path("input").path(0).asText());
    }

    @Test
    void halfASurrogatePairBecomesTheReplacementCharacterAndNotAQuestionMark() {
        byte[] body = PLAIN.call(List.of("a\uD83Cb", "\uDF0D", "x\uD83C")).body();

        assertFalse(new String(body, StandardCharsets.UTF_8).contains("?"));
        assertEquals("a\uFFFDb", Goldens.parse(body).path("input").path(0).asText());
        assertEquals("\uFFFD", Goldens.parse(body).path("input").path(1).asText());
        assertEquals("x\uFFFD", Goldens.parse(body).path("input").path(2).asText());
    }

    @Test
    void equalTextsKeepAVectorEach() {
        assertEquals(
                2,
                Goldens.parse(PLAIN.call(List.of("same", "same")).body())
                        .path("input")
                        .size());
        assertEquals(
                2,
                answer(PLAIN, items("\"index\":0,", "\"index\":1,"), 2)
                        .vectors()
                        .size());
    }

    @Test
    void lineEndsAreNotReplacedByBlanks() {
        assertEquals(
                "two\nlines",
                Goldens.parse(PLAIN.call(List.of("two\nlines")).body())
                        .path("input")
                        .path(0)
                        .asText());
    }

    @Test
    void usageMayBeAbsentZeroOrFullOfNulls() {
        String data = "\"data\":[{\"index\":0,\"embedding\":[1]}]";

        assertEquals(OptionalLong.empty(), answer(PLAIN, "{" + data + "}", 1).tokens());
        assertEquals(
                OptionalLong.empty(),
                answer(PLAIN, "{" + data + ",\"usage\":null}", 1).tokens());
        assertEquals(
                OptionalLong.of(0),
                answer(PLAIN, "{" + data + ",\"usage\":{\"total_tokens\":0}}", 1)
                        .tokens());
        assertEquals(
                OptionalLong.of(9),
                answer(PLAIN, "{" + data + ",\"usage\":{\"prompt_tokens\":9,\"total_tokens\":null,\"x\":null}}", 1)
                        .tokens());
    }

    @Test
    void aTextThatLlamaCppFindsTooLargeIsNotTriedForEverThoughItsStatusIs500() {
        Fault fault = fault(
                "llama-cpp",
                500,
                "{\"error\":{\"code\":500,\"message\":\"input (992 tokens) is too large to process. increase the physical batch size\"}}");

        assertEquals(Cause.TEXT_TOO_LONG, fault.cause());
    }

    @Test
    void aCallThatTeiAdmitsOnlyInPartIsARateAndNotABadText() {
        assertEquals(
                Cause.RATE,
                fault("tei", 429, "{\"error\":\"Model is overloaded\",\"error_type\":\"Overloaded\"}")
                        .cause());
    }

    @Test
    void aPageOfHtmlFromAProxyThatFindsABodyTooLargeSplitsTheCall() {
        Fault fault = fault("openai", 413, "<html><body>413 Request Entity Too Large</body></html>");

        assertEquals(Cause.CALL_TOO_BIG, fault.cause());
        assertEquals(Optional.of(Budgets.Part.BODY_BYTES), fault.exceeded());
        assertFalse(fault.reason().contains("<"), fault.reason());
    }

    @Test
    void validationThatRepeatsAMegabyteOfTextsStillNamesItsLimit() {
        String texts = "\"some text of a user\",".repeat(50_000) + "\"\"";
        Fault fault = fault(
                "gateway",
                422,
                "{\"detail\":[{\"type\":\"too_long\",\"loc\":[\"body\",\"input\"],"
                        + "\"msg\":\"List should have at most 2048 items after validation, not 50001\",\"input\":["
                        + texts + "]}]}");

        assertEquals(Cause.CALL_TOO_BIG, fault.cause());
        assertEquals(OptionalInt.of(2048), fault.cap());
        assertFalse(fault.reason().contains("user"), fault.reason());
    }

    @Test
    void textsThatVertexHasCutAreNamed() {
        Answer answer = answer(
                FORMATS.get("vertex"),
                "{\"predictions\":["
                        + "{\"embeddings\":{\"statistics\":{\"token_count\":1,\"truncated\":false},\"values\":[1,2,3,4]}},"
                        + "{\"embeddings\":{\"statistics\":{\"token_count\":2048,\"truncated\":true},\"values\":[1,2,3,4]}},"
                        + "{\"embeddings\":{\"values\":[1,2,3,4]}}]}",
                3);

        assertEquals(Set.of(1), answer.cut());
        assertEquals(OptionalLong.empty(), answer.tokens());
    }

    @Test
    void anotherNameOfTheModelInTheReplyIsNoFault() {
        answer(PLAIN, "{\"model\":\"any-2024-01-25\",\"data\":[{\"index\":0,\"embedding\":[1]}]}", 1);
    }

    private static Fault fault(String platform, int status, String body) {
        return assertInstanceOf(
                Fault.class,
                FORMATS.get(platform).read(new Reply(status, Map.of(), body.getBytes(StandardCharsets.UTF_8)), 5));
    }
}
