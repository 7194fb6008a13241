package io.embedlake.remote.format;

import static io.embedlake.remote.format.Bodies.answer;
import static io.embedlake.remote.format.Bodies.assertWrong;
import static io.embedlake.remote.format.Bodies.items;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.remote.format.Reading.Answer;
import io.embedlake.remote.format.Reading.Fault;
import io.embedlake.remote.platform.Formats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Replies that claim success and must not become vectors, or not as they stand. */
class BrokenAnswersTest {
    private static final Map<String, ModelFormat> FORMATS = Goldens.formats();
    private static final ModelFormat PLAIN = Formats.of("openai-compatible", "any");

    @Test
    void nullsThatStandForValuesThatAreNotNumbersAreNoVector() {
        assertWrong(FORMATS.get("tei"), "[[null,null,null,null]]", 1, "value 0 of a vector is null");
        assertWrong(PLAIN, "{\"data\":[{\"index\":0,\"embedding\":[0.5,null]}]}", 1, "value 1 of a vector is null");
        assertWrong(PLAIN, "{\"data\":[{\"index\":0,\"embedding\":null}]}", 1, "a vector is null");
        assertWrong(PLAIN, "{\"data\":[null]}", 1, "an item has no vector");
        assertWrong(FORMATS.get("ollama"), "{\"embeddings\":[null]}", 1, "a vector is null");
    }

    @Test
    void literalsThatAreNotNumbersAreNoVector() {
        for (String value : List.of("NaN", "Infinity", "-Infinity", "1e39", "\"0.5\"", "true", "[0.5]", "{}")) {
            Reading reading = PLAIN.read(Goldens.ok("{\"data\":[{\"index\":0,\"embedding\":[" + value + "]}]}"), 1);
            assertEquals(
                    Cause.WRONG_ANSWER,
                    assertInstanceOf(Fault.class, reading, value).cause(),
                    value);
        }
    }

    @Test
    void vectorsOutOfOrderAreBroughtIntoTheOrderOfTheTexts() {
        Answer answer =
                answer(PLAIN, "{\"data\":[{\"index\":1,\"embedding\":[2]},{\"index\":0,\"embedding\":[1]}]}", 2);

        assertArrayEquals(new float[] {1}, answer.vectors().get(0));
        assertArrayEquals(new float[] {2}, answer.vectors().get(1));
    }

    @Test
    void indicesThatAreMissingDoubleOrOutOfRangeAreFaults() {
        assertWrong(PLAIN, items("\"index\":0,", "\"index\":0,"), 2, "index 0 twice");
        assertWrong(PLAIN, items("\"index\":0,", "\"index\":2,"), 2, "index 2 for 2 texts");
        assertWrong(PLAIN, items("\"index\":-1,", "\"index\":0,"), 2, "index -1 for 2 texts");
        assertWrong(PLAIN, items("\"index\":0,", ""), 2, "an index is missing among others");
        assertWrong(PLAIN, items("\"index\":0,", "\"index\":null,"), 2, "an index is missing among others");
    }

    @Test
    void anErrorOrNothingInASuccessIsAFault() {
        assertWrong(PLAIN, "{\"error\":{\"message\":\"no\"}}", 1, "an error with a status of success");
        assertWrong(
                PLAIN,
                "{\"data\":[{\"index\":0,\"embedding\":[1]}],\"error\":{\"message\":\"no\"}}",
                1,
                "an error with a status of success");
        assertWrong(PLAIN, "{\"data\":[]}", 1, "0 vectors for 1 texts");
        assertWrong(PLAIN, "{\"data\":null}", 1, "the body has no vectors");
        assertWrong(PLAIN, "null", 1, "the body is null");
        assertWrong(PLAIN, "", 1, "the body is empty");
        assertWrong(PLAIN, " <html>", 1, "the body is HTML or XML");
        assertWrong(PLAIN, "{\"data\":[{\"index\":0,\"embedding\":[0.5,0.", 1, "is cut or is not the JSON of this API");
        assertWrong(PLAIN, "[]", 1, "is cut or is not the JSON of this API");
        assertWrong(PLAIN, "{\"data\":[{\"index\":0,\"embedding\":[]}]}", 1, "an empty vector");
        assertTrue(PLAIN.read(Goldens.ok("{\"data\":[{\"embedding\":[1]}],\"error\":null}"), 1) instanceof Answer);
    }

    @Test
    void floatsAreTakenWhereBase64WasAskedForAndTheReverse() {
        String floats = "{\"data\":[{\"index\":0,\"embedding\":[0.5,-1,1e-05,-1.78E-4]}]}";
        String base64 = "{\"data\":[{\"index\":0,\"embedding\":\"" + base64(0.5f, -1f, 1e-05f, -1.78E-4f) + "\"}]}";
        float[] expected = {0.5f, -1f, 1e-05f, -1.78E-4f};

        for (String platform : List.of("openai", "mistral", "jina")) {
            assertArrayEquals(
                    expected, answer(FORMATS.get(platform), floats, 1).vectors().get(0));
            assertArrayEquals(
                    expected, answer(FORMATS.get(platform), base64, 1).vectors().get(0));
        }
    }

    @Test
    void doublesSentForFloatsAreNoVectorEvenWhereTheLengthIsUnknown() {
        ByteBuffer doubles = ByteBuffer.allocate(64 * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 64; i++) {
            doubles.putDouble((float) Math.sin(i + 1));
        }
        String body = "{\"data\":[{\"index\":0,\"embedding\":\""
                + Base64.getEncoder().encodeToString(doubles.array()) + "\"}]}";

        assertWrong(PLAIN, body, 1, "as if 64-bit floats were sent");
    }

    @Test
    void bytesThatAreNoFloatsAndTextThatIsNoBase64AreNoVectors() {
        assertWrong(PLAIN, "{\"data\":[{\"index\":0,\"embedding\":\"AAAAAAA=\"}]}", 1, "a vector has 5 bytes");
        assertWrong(PLAIN, "{\"data\":[{\"index\":0,\"embedding\":\"no base64!\"}]}", 1, "text that is no base64");
        assertWrong(
                PLAIN,
                "{\"data\":[{\"index\":0,\"embedding\":\"" + base64(Float.NaN) + "\"}]}",
                1,
                "value 0 of a vector is not finite");
    }

    @Test
    void vectorsOfDifferentLengthsOrOfAnotherThanWasAskedForAreFaults() {
        assertWrong(
                PLAIN,
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[1,2]}]}",
                2,
                "a vector of 2 values among those of 1");
        Fault other = assertInstanceOf(
                Fault.class,
                FORMATS.get("openai").read(Goldens.ok("{\"data\":[{\"index\":0,\"embedding\":[1,2,3]}]}"), 1));
        assertEquals(Cause.OTHER_LENGTH, other.cause());
        assertEquals("vectors of 3 values instead of 4", other.reason());
    }

    @Test
    void zerosAreNoVector() {
        assertWrong(
                PLAIN,
                "{\"data\":[{\"index\":0,\"embedding\":[1,2]},{\"index\":1,\"embedding\":[0,-0.0]}]}",
                2,
                "a vector of zeros");
    }

    private static String base64(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
