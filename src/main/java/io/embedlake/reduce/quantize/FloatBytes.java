package io.embedlake.reduce.quantize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The values themselves, four bytes each, the lowest first: nothing is lost.
 *
 * @param dimensions the length of the vectors
 */
public record FloatBytes(int dimensions) implements Quantizer {
    @Override
    public int bytes() {
        return Float.BYTES * dimensions;
    }

    @Override
    public byte[] encode(float[] vector) {
        Quantizer.requireLength(vector.length, dimensions, "values");
        byte[] codes = new byte[bytes()];
        ByteBuffer.wrap(codes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(vector);
        return codes;
    }

    @Override
    public float[] decode(byte[] codes) {
        Quantizer.requireLength(codes.length, bytes(), "bytes");
        float[] vector = new float[dimensions];
        ByteBuffer.wrap(codes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }
}
