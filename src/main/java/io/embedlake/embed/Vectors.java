package io.embedlake.embed;

/** Arithmetic of vectors. Stateless. */
public final class Vectors {
    private Vectors() {}

    /**
     * The cosine of the angle between two vectors; not a number where their lengths differ or one is zero or broken, so that no
     * comparison with it holds.
     */
    public static double cosine(float[] a, float[] b) {
        if (a.length != b.length) {
            return Double.NaN;
        }
        double dot = 0;
        double squaresOfA = 0;
        double squaresOfB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            squaresOfA += (double) a[i] * a[i];
            squaresOfB += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(squaresOfA * squaresOfB);
    }
}
