package io.embedlake.reduce;

/** Leaves vectors of any length unchanged. Immutable. */
public record NoReduction() implements Reducer {
    private static final long serialVersionUID = 1L;

    @Override
    public float[] reduce(float[] vector) {
        return vector;
    }

    @Override
    public double squaredError(float[] vector) {
        return 0;
    }
}
