package io.embedlake.remote.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenExchangesTest {
    private static final Map<String, ModelFormat> FORMATS = Goldens.formats();

    static Set<String> platforms() {
        return FORMATS.keySet();
    }

    @ParameterizedTest
    @MethodSource("platforms")
    void sendsWhatTheProviderDocuments(String platform) {
        Call call = FORMATS.get(platform).call(texts(platform));

        assertEquals(Goldens.json(platform, "expected.json").path("path").asText(), call.path());
        assertEquals(Goldens.json(platform, "request.json"), Goldens.parse(call.body()));
    }

    @ParameterizedTest
    @MethodSource("platforms")
    void readsWhatTheProviderAnswers(String platform) {
        JsonNode expected = Goldens.json(platform, "expected.json");
        Reply template = Goldens.reply(200, expected.path("headers"), MissingNode.getInstance());
        Reply reply = new Reply(200, template.headers(), Goldens.bytes(platform, "response.json"));

        Reading reading = FORMATS.get(platform).read(reply, texts(platform).size());

        Reading.Answer answer = assertInstanceOf(Reading.Answer.class, reading, reading.toString());
        assertEquals(
                expected.has("tokens") ? OptionalLong.of(expected.path("tokens").asLong()) : OptionalLong.empty(),
                answer.tokens());
        assertEquals(expected.path("vectors").size(), answer.vectors().size());
        for (int i = 0; i < answer.vectors().size(); i++) {
            assertArrayEquals(
                    floats(expected.path("vectors").path(i)), answer.vectors().get(i));
        }
    }

    @ParameterizedTest
    @MethodSource("platforms")
    void knowsTheSizeOfABodyBeforeItIsWritten(String platform) {
        ModelFormat format = FORMATS.get(platform);
        List<String> texts = texts(platform);
        long textBytes = texts.stream().mapToLong(format.bodySize()::textBytes).sum();

        assertEquals(format.call(texts).body().length, format.bodySize().bodyBytes(texts.size(), textBytes));
    }

    private static List<String> texts(String platform) {
        List<String> texts = new ArrayList<>();
        Goldens.json(platform, "expected.json").path("texts").forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(array.path(i).asText());
        }
        return values;
    }
}
