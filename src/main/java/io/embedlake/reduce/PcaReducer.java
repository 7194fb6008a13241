package io.embedlake.reduce;

import java.util.Arrays;

/**
 * Projects onto the principal components of a sample: {@code y = C x}, where the rows of {@code C} are the leading
 * eigenvectors of the sample's covariance matrix (Jolliffe, Principal Component Analysis, 2002, chapter 1).
 *
 * <p>The mean is kept with the components but not subtracted: cosine similarities of the projections then approximate those
 * of the full vectors, and it is what Spark MLlib's {@code PCAModel} does. Immutable and thread-safe.
 */
public final class PcaReducer implements Reducer {
    private static final long serialVersionUID = 1L;

    /** {@code [inputDimensions][dimensions]}: the components transposed, so that the inner loop runs over outputs. */
    private final float[][] weights;

    private final float[] mean;
    private final double[] explainedVariance;

    /**
     * Copies its arguments.
     *
     * @param components {@code [dimensions][inputDimensions]}, orthonormal rows
     * @param mean {@code [inputDimensions]}, the mean of the sample
     * @param explainedVariance {@code [dimensions]}, each component's share of the sample's variance, between 0 and 1
     */
    public PcaReducer(float[][] components, float[] mean, double[] explainedVariance) {
        if (components.length == 0 || components.length != explainedVariance.length) {
            throw new IllegalArgumentException("a projection needs one explained variance for each of its components");
        }
        this.weights = new float[mean.length][components.length];
        for (int row = 0; row < components.length; row++) {
            if (components[row].length != mean.length) {
                throw new IllegalArgumentException("component " + row + " and the mean differ in length");
            }
            for (int column = 0; column < mean.length; column++) {
                weights[column][row] = components[row][column];
            }
        }
        this.mean = mean.clone();
        this.explainedVariance = explainedVariance.clone();
    }

    /** The length of the vectors that go in. */
    public int inputDimensions() {
        return weights.length;
    }

    /** The length of the vectors that come out. */
    public int dimensions() {
        return explainedVariance.length;
    }

    @Override
    public float[] reduce(float[] vector) {
        if (vector.length != weights.length) {
            throw new IllegalArgumentException("a vector of " + vector.length + " values instead of " + weights.length);
        }
        float[] result = new float[explainedVariance.length];
        for (int column = 0; column < vector.length; column++) {
            float value = vector[column];
            float[] row = weights[column];
            for (int k = 0; k < result.length; k++) {
                result[k] += value * row[k];
            }
        }
        return result;
    }

    /** {@code [dimensions][inputDimensions]}, a copy. */
    public float[][] components() {
        float[][] components = new float[dimensions()][inputDimensions()];
        for (int column = 0; column < weights.length; column++) {
            for (int row = 0; row < components.length; row++) {
                components[row][column] = weights[column][row];
            }
        }
        return components;
    }

    /** {@code [inputDimensions]}, a copy. */
    public float[] mean() {
        return mean.clone();
    }

    /** {@code [dimensions]}, a copy. */
    public double[] explainedVariance() {
        return explainedVariance.clone();
    }

    /** The share of the sample's variance that the projection keeps, between 0 and 1. */
    public double varianceKept() {
        return Arrays.stream(explainedVariance).sum();
    }
}
