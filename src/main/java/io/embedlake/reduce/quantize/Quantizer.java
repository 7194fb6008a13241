package io.embedlake.reduce.quantize;

import java.io.Serializable;

/** A calibrated mapping from the values of a short vector to bytes, and back as nearly as they tell. Immutable and thread-safe. */
public sealed interface Quantizer extends Serializable permits ByteScales, Codebooks, FloatBytes {
    /** The length of a quantized vector in bytes. */
    int bytes();

    /**
     * Quantizes a vector.
     *
     * @param vector {@code [dimensions]}, finite; not changed
     * @return {@code [bytes]}
     * @throws IllegalArgumentException when the vector has another length
     */
    byte[] encode(float[] vector);

    /**
     * The vector that a quantized one stands for.
     *
     * @param codes {@code [bytes]}; not changed
     * @return {@code [dimensions]}
     * @throws IllegalArgumentException when the array has another length
     */
    float[] decode(byte[] codes);

    /** Refuses an array of another length than this quantizer's. */
    static void requireLength(int length, int expected, String what) {
        if (length != expected) {
            throw new IllegalArgumentException(length + " " + what + " instead of " + expected);
        }
    }
}
