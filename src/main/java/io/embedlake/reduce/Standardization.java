package io.embedlake.reduce;

import java.io.Serializable;
import java.util.List;

/**
 * Moves the values of vectors to mean 0 and variance 1: {@code (x - mean) / deviation}, with a mean for each value and one deviation for
 * all, so that angles and neighbours around the mean are preserved. Immutable and thread-safe.
 */
public final class Standardization implements Serializable {
    private static final long serialVersionUID = 1L;

    private final float[] mean;
    private final float deviation;

    /**
     * Copies its arguments.
     *
     * @param mean {@code [dimensions]}, finite
     * @param deviation positive and finite
     */
    public Standardization(float[] mean, float deviation) {
        if (!(deviation > 0) || !Float.isFinite(deviation)) {
            throw new IllegalArgumentException("a deviation is positive: " + deviation);
        }
        for (float value : mean) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("a mean with a value that is not finite");
            }
        }
        this.mean = mean.clone();
        this.deviation = deviation;
    }

    /**
     * That of a sample.
     *
     * @param rows at least one row, {@code [rows][dimensions]}
     * @throws IllegalArgumentException when all rows are alike, or a value is not finite
     */
    public static Standardization of(List<float[]> rows) {
        double[] sum = new double[rows.get(0).length];
        for (float[] row : rows) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += row[i];
            }
        }
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / rows.size());
        }
        double squares = 0;
        for (float[] row : rows) {
            for (int i = 0; i < mean.length; i++) {
                double distance = row[i] - mean[i];
                squares += distance * distance;
            }
        }
        return new Standardization(mean, (float) Math.sqrt(squares / mean.length / rows.size()));
    }

    /** The length of the vectors. */
    public int dimensions() {
        return mean.length;
    }

    /** {@code [dimensions]}, a copy. */
    public float[] mean() {
        return mean.clone();
    }

    /** By what all values are divided. */
    public float deviation() {
        return deviation;
    }

    /**
     * The vector around 0.
     *
     * @param vector {@code [dimensions]}; not changed
     * @throws IllegalArgumentException when it has another length
     */
    public float[] apply(float[] vector) {
        requireLength(vector);
        float[] result = new float[mean.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (vector[i] - mean[i]) / deviation;
        }
        return result;
    }

    /** The vector of which {@link #apply} makes this one. */
    public float[] undo(float[] vector) {
        requireLength(vector);
        float[] result = new float[mean.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = Math.fma(vector[i], deviation, mean[i]);
        }
        return result;
    }

    private void requireLength(float[] vector) {
        if (vector.length != mean.length) {
            throw new IllegalArgumentException("a vector of " + vector.length + " values instead of " + mean.length);
        }
    }
}
