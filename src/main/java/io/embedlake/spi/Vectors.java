package io.embedlake.spi;

import java.util.Arrays;

/** Arithmetic of vectors. Stateless. */
public final class Vectors {
    private Vectors() {}

    /**
     * The cosine of the angle between two vectors; not a number where their lengths differ or one is zero or broken, so that no
     * comparison with it holds.
     */
    public static double cosine(float[] a, float[] b) {
        return a.length == b.length ? cosine(a, b, Double.NaN) : Double.NaN;
    }

    /**
     * The cosine of the angle between two vectors of the same length.
     *
     * @param ofZero what it is where one of them is zero
     */
    public static double cosine(float[] a, float[] b, double ofZero) {
        double dot = 0;
        double squaresOfA = 0;
        double squaresOfB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            squaresOfA += (double) a[i] * a[i];
            squaresOfB += (double) b[i] * b[i];
        }
        double lengths = Math.sqrt(squaresOfA * squaresOfB);
        return lengths == 0 ? ofZero : dot / lengths;
    }

    /** Whether all values are zero, which no text has: the answer of a model that failed silently. */
    public static boolean isZero(float[] vector) {
        for (float value : vector) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    /** Brings the values from here to there to length 1, in place; zeros stay zeros. */
    public static void normalize(float[] values, int from, int to) {
        double squares = 0;
        for (int i = from; i < to; i++) {
            squares += (double) values[i] * values[i];
        }
        float scale = (float) (1 / Math.max(Math.sqrt(squares), 1e-12));
        for (int i = from; i < to; i++) {
            values[i] *= scale;
        }
    }

    /**
     * The least cosine of concatenated vectors with their counterparts, 1 when there are none; not a number where one
     * cosine is not.
     *
     * @param dimension the length of each vector
     */
    public static double leastCosine(float[] a, float[] b, int dimension) {
        if (a.length != b.length) {
            return Double.NaN;
        }
        double least = 1;
        for (int from = 0; from < a.length; from += dimension) {
            // Math.min passes not a number on.
            least = Math.min(
                    least,
                    cosine(
                            Arrays.copyOfRange(a, from, from + dimension),
                            Arrays.copyOfRange(b, from, from + dimension)));
        }
        return least;
    }
}
