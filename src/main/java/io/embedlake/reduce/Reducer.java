package io.embedlake.reduce;

import java.io.Serializable;

/** A pure, already fitted mapping from one float vector to a shorter one. Immutable and thread-safe. */
public interface Reducer extends Serializable {
    /**
     * The shorter vector.
     *
     * @param vector the full vector; not changed
     * @throws IllegalArgumentException when the vector's length is not the one that the mapping was fitted on
     */
    float[] reduce(float[] vector);

    /**
     * The squared distance between a full vector and what can best be made of its short one: it grows when vectors come that are unlike
     * those of the fit.
     *
     * @param vector the full vector; not changed
     */
    double squaredError(float[] vector);
}
