package io.embedlake.reduce.quality;

/**
 * The directions of some vectors, of length 1, for cosine similarities of many with many. A vector without a direction has similarity 0
 * to all. Immutable and thread-safe.
 *
 * <p>The values lie dimension by dimension, so that the inner loop runs over vectors: that is a form which the JVM compiles to fused
 * vector instructions, where the sum of one long product is not.
 */
final class Directions {
    /** How many queries are compared at once, and with how many vectors while their similarities stay in the fastest cache. */
    static final int QUERIES = 4;

    private static final int CHUNK = 1024;

    private final float[][] values;
    private final int count;

    /**
     * The directions of vectors.
     *
     * @param vectors {@code [count][dimensions]}, at least one, all of one length
     */
    Directions(float[][] vectors) {
        this.count = vectors.length;
        this.values = new float[vectors[0].length][count];
        for (int i = 0; i < count; i++) {
            float[] vector = vectors[i];
            double scale = scale(vector);
            for (int dimension = 0; dimension < vector.length; dimension++) {
                values[dimension][i] = (float) (vector[dimension] * scale);
            }
        }
    }

    int count() {
        return count;
    }

    private static double scale(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return squares > 0 ? 1 / Math.sqrt(squares) : 0;
    }

    /**
     * The similarities of four queries to all vectors, each query's up to a factor.
     *
     * @param queries {@code [4][dimensions]}
     * @param similarities {@code [4][count]}, overwritten
     */
    void compare(float[][] queries, float[][] similarities) {
        for (int from = 0; from < count; from += CHUNK) {
            int to = Math.min(count, from + CHUNK);
            for (float[] row : similarities) {
                java.util.Arrays.fill(row, from, to, 0);
            }
            for (int dimension = 0; dimension < values.length; dimension++) {
                add(values[dimension], queries, dimension, similarities, from, to);
            }
        }
    }

    private static void add(float[] values, float[][] queries, int dimension, float[][] sums, int from, int to) {
        float a = queries[0][dimension];
        float b = queries[1][dimension];
        float c = queries[2][dimension];
        float d = queries[3][dimension];
        float[] ofA = sums[0];
        float[] ofB = sums[1];
        float[] ofC = sums[2];
        float[] ofD = sums[3];
        for (int i = from; i < to; i++) {
            float value = values[i];
            ofA[i] = Math.fma(a, value, ofA[i]);
            ofB[i] = Math.fma(b, value, ofB[i]);
            ofC[i] = Math.fma(c, value, ofC[i]);
            ofD[i] = Math.fma(d, value, ofD[i]);
        }
    }
}
