package io.embedlake.reduce;

import java.io.Serializable;

/** A pure, already fitted mapping from one float vector to a shorter one. Immutable and thread-safe. */
public interface Reducer extends Serializable {
    /** The length of the vectors that go in. */
    int inputDimensions();

    /** The length of the vectors that come out. */
    int dimensions();

    /**
     * The shorter vector.
     *
     * @param vector {@code [inputDimensions]}; not changed
     * @return {@code [dimensions]}
     * @throws IllegalArgumentException when the vector has another length
     */
    float[] reduce(float[] vector);
}
