package io.embedlake.ivf;

import java.util.Optional;

/** Vectors brought to length 1. Stateless. */
public final class Directions {
    private Directions() {}

    /** A vector of length 1 that points as this one does; nothing of one that is zero, infinite or not a number. */
    public static Optional<float[]> of(float[] vector) {
        float[] unit = vector.clone();
        return normalize(unit, 0, unit.length) ? Optional.of(unit) : Optional.empty();
    }

    /** Brings the values from here to there to length 1; false, and nothing is changed, where they have no direction. */
    static boolean normalize(float[] values, int from, int to) {
        double squares = 0;
        for (int i = from; i < to; i++) {
            squares += (double) values[i] * values[i];
        }
        double length = Math.sqrt(squares);
        if (!(length > 0 && length <= Double.MAX_VALUE)) {
            return false;
        }
        for (int i = from; i < to; i++) {
            values[i] = (float) (values[i] / length);
        }
        return true;
    }
}
