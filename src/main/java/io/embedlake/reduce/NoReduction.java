package io.embedlake.reduce;

/**
 * Leaves vectors as they are. Immutable.
 *
 * @param dimensions the length of the vectors
 */
public record NoReduction(int dimensions) implements Reducer {
    private static final long serialVersionUID = 1L;

    @Override
    public int inputDimensions() {
        return dimensions;
    }

    @Override
    public float[] reduce(float[] vector) {
        if (vector.length != dimensions) {
            throw new IllegalArgumentException("a vector of " + vector.length + " values instead of " + dimensions);
        }
        return vector;
    }
}
