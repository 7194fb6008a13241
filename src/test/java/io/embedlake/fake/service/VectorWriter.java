package io.embedlake.fake.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.util.RawValue;
import io.embedlake.fake.service.Encoding.Form;
import io.embedlake.fake.service.Encoding.Type;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings vectors to a length and writes them. What it wrote of a vector it remembers, for sources that give the same few vectors again
 * and again. Thread-safe.
 */
final class VectorWriter {
    private static final int REMEMBERED = 1024;
    private static final int SIGNS = 8;
    /** The values of a vector of length 1 that fill the range of a byte: four times their standard deviation. */
    private static final double SPREAD = 4;

    /** An array is equal to itself alone: that is what is wanted. */
    private record Key(float[] vector, Shape shape, Encoding encoding) {}

    private final Map<Key, JsonNode> written = new ConcurrentHashMap<>();

    JsonNode write(float[] vector, Shape shape, Encoding encoding) {
        Key key = new Key(vector, shape, encoding);
        JsonNode known = written.get(key);
        if (known != null) {
            return known;
        }
        JsonNode values = values(fit(vector, shape), encoding);
        if (written.size() < REMEMBERED) {
            written.put(key, values);
        }
        return values;
    }

    /** The first values of a vector or, where it is too short, all of them again and again; as long an arrow as it should be. */
    static float[] fit(float[] vector, Shape shape) {
        float[] fitted = new float[shape.dimension()];
        double squares = 0;
        for (int i = 0; i < fitted.length; i++) {
            fitted[i] = vector[i % vector.length];
            squares += (double) fitted[i] * fitted[i];
        }
        double scale = shape.norm() / Math.max(Math.sqrt(squares), 1e-12);
        for (int i = 0; i < fitted.length; i++) {
            fitted[i] *= (float) scale;
        }
        return fitted;
    }

    static JsonNode values(float[] vector, Encoding encoding) {
        if (encoding.type() == Type.FLOAT) {
            if (encoding.form() == Form.NUMBERS) {
                StringBuilder json = new StringBuilder(vector.length * 13).append('[');
                for (int i = 0; i < vector.length; i++) {
                    json.append(i == 0 ? "" : ",").append(vector[i]);
                }
                return raw(json.append(']').toString());
            }
            ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            return base64(bytes.array());
        }
        byte[] bytes = encoding.type() == Type.INT8 || encoding.type() == Type.UINT8 ? whole(vector) : signs(vector);
        if (encoding.form() == Form.BASE64) {
            return base64(bytes);
        }
        int[] numbers = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            numbers[i] = switch (encoding.type()) {
                case UINT8 -> bytes[i] + 128;
                case UBINARY -> bytes[i] & 0xFF;
                case BINARY -> (bytes[i] & 0xFF) - 128;
                default -> bytes[i];
            };
        }
        return raw(Arrays.toString(numbers).replace(" ", ""));
    }

    /** What some servers send where base64 was asked for: twice as many bytes as there should be. */
    static JsonNode doubles(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
            bytes.putDouble(value);
        }
        return base64(bytes.array());
    }

    /** A list of numbers in which something stands for the first. */
    static JsonNode withFirst(JsonNode numbers, String first) {
        return raw(numbers.toString().replaceFirst("^\\[[^,\\]]*", "[" + first));
    }

    private static byte[] whole(float[] vector) {
        byte[] bytes = new byte[vector.length];
        double scale = Byte.MAX_VALUE * Math.sqrt(vector.length) / SPREAD;
        for (int i = 0; i < vector.length; i++) {
            bytes[i] = (byte) Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, Math.round(vector[i] * scale)));
        }
        return bytes;
    }

    private static byte[] signs(float[] vector) {
        byte[] bytes = new byte[(vector.length + SIGNS - 1) / SIGNS];
        for (int i = 0; i < vector.length; i++) {
            if (vector[i] > 0) {
                bytes[i / SIGNS] |= (byte) (0x80 >>> (i % SIGNS));
            }
        }
        return bytes;
    }

    private static JsonNode base64(byte[] bytes) {
        return JsonNodeFactory.instance.textNode(Base64.getEncoder().encodeToString(bytes));
    }

    private static JsonNode raw(String json) {
        return JsonNodeFactory.instance.rawValueNode(new RawValue(json));
    }
}
