package io.embedlake.reduce;

/** What a layer does to each of its sums. Immutable. */
public enum Activation {
    /** Nothing. */
    NONE(1),
    /** Keeps what is positive (Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, 2010). */
    RELU(0),
    /** Keeps what is positive and a fifth of what is not (Maas et al., Rectifier Nonlinearities, 2013). */
    LEAKY_RELU(0.2f);

    private final float slope;

    Activation(float slope) {
        this.slope = slope;
    }

    /** By what a negative value is multiplied. */
    public float negativeSlope() {
        return slope;
    }

    /** Applies it to all of these values, in place. */
    void apply(float[] values) {
        if (this != NONE) {
            for (int i = 0; i < values.length; i++) {
                // Adding 0 makes -0 the 0 that others have.
                values[i] = values[i] < 0 ? slope * values[i] + 0f : values[i];
            }
        }
    }
}
