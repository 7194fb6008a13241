package io.embedlake.remote.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorTablesTest {
    private static final Map<String, ModelFormat> FORMATS = Goldens.formats();
    private static final int TEXTS = 5;

    static Stream<Arguments> errors() {
        return Stream.of(
                        "openai",
                        "azure",
                        "mistral",
                        "voyage",
                        "jina",
                        "databricks",
                        "vllm",
                        "llama-cpp",
                        "gateway",
                        "cohere",
                        "cohere-images",
                        "voyage-images",
                        "vertex-images",
                        "bedrock-titan-images",
                        "tei",
                        "hf-router",
                        "gemini",
                        "vertex",
                        "bedrock-titan",
                        "ollama")
                .flatMap(platform -> Goldens.lines(platform, "errors.jsonl").map(line -> Arguments.of(platform, line)));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void tellsWhatIsBehindAnError(String platform, JsonNode error) {
        Reply reply = Goldens.reply(error.path("status").asInt(), error.path("headers"), error.path("body"));

        Reading reading = FORMATS.get(platform).read(reply, error.path("texts").asInt(TEXTS));

        Reading.Fault fault = assertInstanceOf(Reading.Fault.class, reading);
        assertEquals(Cause.valueOf(error.path("cause").asText()), fault.cause(), fault.reason());
        assertEquals(
                error.has("delay_ms")
                        ? Optional.of(Duration.ofMillis(error.path("delay_ms").asLong()))
                        : Optional.empty(),
                fault.delay().map(delay -> Duration.ofMillis(delay.toMillis())));
        assertEquals(number(error, "text"), fault.text());
        assertEquals(number(error, "cap"), fault.cap());
        assertEquals(
                error.has("exceeded")
                        ? Optional.of(
                                Budgets.Part.valueOf(error.path("exceeded").asText()))
                        : Optional.empty(),
                fault.exceeded());
    }

    private static OptionalInt number(JsonNode error, String name) {
        return error.has(name) ? OptionalInt.of(error.path(name).asInt()) : OptionalInt.empty();
    }
}
