package io.embedlake.reduce;

import java.util.Arrays;

/**
 * Keeps the first values of a vector and brings them to length 1: for models that were trained so that they mean most (Kusupati et al.,
 * Matryoshka Representation Learning, 2022). Immutable and thread-safe.
 *
 * @param dimensions how many values are kept
 */
public record Truncation(int dimensions) implements Reducer {
    public Truncation {
        if (dimensions < 1) {
            throw new IllegalArgumentException("a vector has at least one value: " + dimensions);
        }
    }

    /** The first values; zeros stay zeros. */
    @Override
    public float[] reduce(float[] vector) {
        if (vector.length < dimensions) {
            throw new IllegalArgumentException("a vector of " + vector.length + " values, less than " + dimensions);
        }
        float[] first = Arrays.copyOf(vector, dimensions);
        double squares = 0;
        for (float value : first) {
            squares += (double) value * value;
        }
        if (squares > 0) {
            float scale = (float) (1 / Math.sqrt(squares));
            for (int i = 0; i < first.length; i++) {
                first[i] *= scale;
            }
        }
        return first;
    }

    /** What is cut off, which nothing brings back. */
    @Override
    public double squaredError(float[] vector) {
        double squares = 0;
        for (int i = dimensions; i < vector.length; i++) {
            squares += (double) vector[i] * vector[i];
        }
        return squares;
    }
}
