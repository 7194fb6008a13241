package io.embedlake.remote.format.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;

/**
 * Reads a vector: numbers, or the base64 of 32-bit floats from the lowest byte up, whichever the server chose to send. Refuses null,
 * values that are not finite and anything else. Stateless.
 */
final class VectorReader extends StdDeserializer<float[]> {
    private static final long serialVersionUID = 1L;
    private static final int USUAL_DIMENSION = 1024;

    /**
     * No embedding has values as large as this. Bytes of 64-bit floats, read as 32-bit ones, have: their lower halves are as good as
     * random exponents.
     */
    private static final float IMPLAUSIBLE = 1e10f;

    VectorReader() {
        super(float[].class);
    }

    @Override
    public float[] deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        return switch (parser.currentToken()) {
            case START_ARRAY -> numbers(parser);
            case VALUE_STRING -> base64(parser.getText());
            default -> throw new WrongAnswer("a vector is neither an array nor base64");
        };
    }

    @Override
    public float[] getNullValue(DeserializationContext context) {
        throw new WrongAnswer("a vector is null");
    }

    /** A missing vector is checked by the enclosing record. */
    @Override
    public Object getAbsentValue(DeserializationContext context) {
        return null;
    }

    private static float[] numbers(JsonParser parser) throws IOException {
        float[] values = new float[USUAL_DIMENSION];
        int count = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == null) {
                throw new WrongAnswer("the body is cut");
            }
            if (!token.isNumeric()) {
                throw new WrongAnswer(
                        "value " + count + " of a vector is " + (token == JsonToken.VALUE_NULL ? "null" : "no number"));
            }
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count] = finite(parser.getFloatValue(), count);
            count++;
        }
        return Arrays.copyOf(values, count);
    }

    private static float[] base64(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new WrongAnswer("a vector is text that is no base64");
        }
        if (bytes.length % Float.BYTES != 0) {
            throw new WrongAnswer("a vector has " + bytes.length + " bytes, which are no 32-bit floats");
        }
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        for (int i = 0; i < values.length; i++) {
            if (Math.abs(finite(values[i], i)) > IMPLAUSIBLE) {
                throw new WrongAnswer(
                        "value " + i + " of a vector is implausible, as if 64-bit floats were sent for 32-bit ones");
            }
        }
        return values;
    }

    private static float finite(float value, int place) {
        if (!Float.isFinite(value)) {
            throw new WrongAnswer("value " + place + " of a vector is not finite");
        }
        return value;
    }
}
