package io.embedlake.reduce.pca;

import io.embedlake.reduce.Columns;
import io.embedlake.reduce.Reducer;
import io.embedlake.reduce.Rotation;
import java.util.Arrays;

/**
 * Projects onto the principal components of a sample: {@code y = C x}, where the rows of {@code C} are the leading
 * eigenvectors of the sample's covariance matrix (Jolliffe, Principal Component Analysis, 2002, chapter 1).
 *
 * <p>The mean is not subtracted unless the reducer is {@linkplain #centered() centered}: cosine similarities of the projections then
 * approximate those of the full vectors, and it is what Spark MLlib's {@code PCAModel} does. Immutable and thread-safe.
 */
public final class PcaReducer implements Reducer {
    private static final long serialVersionUID = 1L;

    /** {@code [inputDimensions][dimensions]}: the components transposed, so that the inner loop runs over outputs. */
    private final float[][] weights;

    private final int dimensions;
    private final float[] mean;
    private final double[] explainedVariance;

    /** {@code [dimensions]}: the mean of the sample, projected. */
    private final float[] projectedMean;

    private final boolean isCentered;

    /**
     * Copies its arguments.
     *
     * @param components {@code [dimensions][inputDimensions]}, orthonormal rows
     * @param mean {@code [inputDimensions]}, the mean of the sample
     * @param explainedVariance {@code [dimensions]} or more, up to {@code [inputDimensions]}: the share of the sample's variance,
     *     between 0 and 1, that lies along each component, and along those that were left out as far as they are known
     */
    public PcaReducer(float[][] components, float[] mean, double[] explainedVariance) {
        this(components, mean, explainedVariance, false);
    }

    private PcaReducer(float[][] components, float[] mean, double[] explainedVariance, boolean isCentered) {
        if (components.length == 0 || components.length > explainedVariance.length) {
            throw new IllegalArgumentException("a projection needs an explained variance for each of its components");
        }
        this.dimensions = components.length;
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
        this.isCentered = isCentered;
        this.projectedMean = project(mean);
    }

    /** The same projection that first subtracts the mean of the sample: {@code y = C (x - m)}. */
    public PcaReducer centered() {
        return new PcaReducer(components(), mean, explainedVariance, true);
    }

    /** Whether it subtracts the mean. */
    public boolean isCentered() {
        return isCentered;
    }

    /** The projection onto the first of the components alone. */
    public PcaReducer first(int count) {
        return count == dimensions
                ? this
                : new PcaReducer(Arrays.copyOf(components(), count), mean, explainedVariance, isCentered);
    }

    /** The same projection to vectors of this length, whose last values are 0 where it has fewer components. */
    public PcaReducer padded(int length) {
        if (length <= dimensions) {
            return this;
        }
        float[][] padded = Arrays.copyOf(components(), length);
        Arrays.fill(padded, dimensions, length, new float[mean.length]);
        double[] variance = Arrays.copyOf(explainedVariance, Math.max(length, explainedVariance.length));
        return new PcaReducer(padded, mean, variance, isCentered);
    }

    /**
     * A projection onto the same subspace whose axes are turned at random, so that each has a like share of the variance: as quantization
     * with the same few bits for each dimension requires (Gong et al., Iterative Quantization, 2013, where a random rotation is the first
     * step). Cosines are preserved.
     */
    public PcaReducer rotated(long seed) {
        return new PcaReducer(Rotation.of(dimensions, seed).times(components()), mean, explainedVariance, isCentered);
    }

    /** The length of the vectors that go in. */
    public int inputDimensions() {
        return weights.length;
    }

    /** The length of the vectors that come out. */
    public int dimensions() {
        return dimensions;
    }

    @Override
    public float[] reduce(float[] vector) {
        float[] result = project(vector);
        if (isCentered) {
            for (int k = 0; k < result.length; k++) {
                result[k] -= projectedMean[k];
            }
        }
        return result;
    }

    /** What of a vector, around the mean of the sample, lies outside of the subspace. */
    @Override
    public double squaredError(float[] vector) {
        float[] projected = project(vector);
        double squares = 0;
        for (int i = 0; i < vector.length; i++) {
            double distance = (double) vector[i] - mean[i];
            squares += distance * distance;
        }
        for (int k = 0; k < projected.length; k++) {
            double distance = (double) projected[k] - projectedMean[k];
            squares -= distance * distance;
        }
        return Math.max(0, squares);
    }

    private float[] project(float[] vector) {
        if (vector.length != weights.length) {
            throw new IllegalArgumentException("a vector of " + vector.length + " values instead of " + weights.length);
        }
        float[] result = new float[dimensions];
        Columns.addProduct(weights, vector, result);
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

    /** A copy of what it was made with: one share for each component, the largest first, and those that are left out. */
    public double[] explainedVariance() {
        return explainedVariance.clone();
    }

    /** The share of the sample's variance that the projection keeps, between 0 and 1. */
    public double varianceKept() {
        return Arrays.stream(explainedVariance, 0, dimensions).sum();
    }
}
