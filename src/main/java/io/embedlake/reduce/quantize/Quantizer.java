package io.embedlake.reduce.quantize;

import java.io.Serializable;

/** A calibrated mapping from the values of a short vector to bytes, and back as nearly as they tell. Immutable and thread-safe. */
public sealed interface Quantizer extends Serializable permits ByteScales, Codebooks {
    /** The length of the vectors. */
    int dimensions();

    /** The length of the codes. */
    int bytes();

    /**
     * The codes of a vector.
     *
     * @param vector {@code [dimensions]}, finite; not changed
     * @return {@code [bytes]}
     * @throws IllegalArgumentException when the vector has another length
     */
    byte[] encode(float[] vector);

    /**
     * The vector that codes stand for.
     *
     * @param codes {@code [bytes]}; not changed
     * @return {@code [dimensions]}
     * @throws IllegalArgumentException when there are more or fewer codes
     */
    float[] decode(byte[] codes);

    /** Refuses an array of another length than this quantizer's. */
    static void requireLength(int length, int expected, String what) {
        if (length != expected) {
            throw new IllegalArgumentException(length + " " + what + " instead of " + expected);
        }
    }
}
