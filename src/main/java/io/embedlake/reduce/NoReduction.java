package io.embedlake.reduce;

/** Leaves vectors of any length unchanged. Immutable. */
public record NoReduction() implements Reducer {
    @Override
    public float[] reduce(float[] vector) {
        return vector;
    }

    @Override
    public double squaredError(float[] vector) {
        return 0;
    }
}
