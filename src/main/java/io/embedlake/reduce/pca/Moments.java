package io.embedlake.reduce.pca;

import java.io.Serializable;

/**
 * Count, mean and scatter of some vectors, in double precision. Mutable; confined to one thread, and serialisable when it is
 * {@linkplain #finish() finished}.
 *
 * <p>The scatter is the sum of {@code (x - mean)(x - mean)ᵀ}. To keep it exact where the mean is large, sums are taken around the mean
 * of the first block of vectors, and parts are put together by the formula of Chan, Golub and LeVeque (Updating formulae and a pairwise
 * algorithm for computing sample variances, 1979).
 */
public final class Moments implements Serializable {
    private static final long serialVersionUID = 1L;

    /** How many vectors are multiplied at once: few enough for the second cache. */
    private static final int BLOCK_ROWS = 128;

    private final int dimensions;
    private final double[] mean;
    private final double[] scatter;
    private long count;
    private transient Sums sums;

    /** The moments of no vectors. */
    public Moments(int dimensions) {
        if (dimensions < 1) {
            throw new IllegalArgumentException("a vector has at least one value: " + dimensions);
        }
        this.dimensions = dimensions;
        this.mean = new double[dimensions];
        this.scatter = new double[SymmetricProducts.triangle(dimensions)];
    }

    /** Vectors that were added since the moments were finished. */
    private final class Sums {
        private final double[][] block = new double[BLOCK_ROWS][dimensions];
        private final double[] shift = new double[dimensions];
        private final double[] total = new double[dimensions];
        private final double[] products = count == 0 ? scatter : new double[scatter.length];
        private int inBlock;
        private long added;

        void add(float[] vector) {
            double[] row = block[inBlock];
            for (int i = 0; i < row.length; i++) {
                float value = vector[i];
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("a vector with a value that is not finite");
                }
                row[i] = value;
            }
            if (++inBlock == block.length) {
                flush();
            }
        }

        private void flush() {
            if (added == 0) {
                for (int row = 0; row < inBlock; row++) {
                    for (int i = 0; i < shift.length; i++) {
                        shift[i] += block[row][i] / inBlock;
                    }
                }
            }
            for (int row = 0; row < inBlock; row++) {
                double[] values = block[row];
                for (int i = 0; i < values.length; i++) {
                    values[i] -= shift[i];
                    total[i] += values[i];
                }
            }
            SymmetricProducts.tiles(0, dimensions)
                    .forEach(tile -> SymmetricProducts.add(block, block, inBlock, products, dimensions, 0, tile));
            added += inBlock;
            inBlock = 0;
        }

        /** Their own mean and scatter, which are added to those of the others. */
        void finish() {
            if (inBlock > 0) {
                flush();
            }
            double[] own = new double[dimensions];
            for (int i = 0; i < dimensions; i++) {
                own[i] = total[i] / added;
            }
            for (int i = 0; i < dimensions; i++) {
                int origin = SymmetricProducts.origin(i, dimensions);
                for (int j = i; j < dimensions; j++) {
                    products[origin + j] -= added * own[i] * own[j];
                }
                own[i] += shift[i];
            }
            if (products == scatter) {
                System.arraycopy(own, 0, mean, 0, dimensions);
                count = added;
            } else {
                merge(added, own, products);
            }
        }
    }

    /**
     * Adds a vector.
     *
     * @param vector {@code [dimensions]}, finite; not kept
     * @throws IllegalArgumentException when it is of another length, or not finite
     */
    public void add(float[] vector) {
        if (vector.length != dimensions) {
            throw new IllegalArgumentException("a vector of " + vector.length + " values beside one of " + dimensions);
        }
        if (sums == null) {
            sums = new Sums();
        }
        sums.add(vector);
    }

    /** Takes all vectors that were added into account; gives these moments. */
    public Moments finish() {
        if (sums != null) {
            Sums own = sums;
            sums = null;
            own.finish();
        }
        return this;
    }

    /**
     * Adds other vectors.
     *
     * @param other their moments, finished and of the same length; not changed
     */
    public Moments add(Moments other) {
        if (other.dimensions != dimensions) {
            throw new IllegalArgumentException(
                    "a vector of " + other.dimensions + " values beside one of " + dimensions);
        }
        finish();
        merge(other.count, other.mean, other.scatter);
        return this;
    }

    private void merge(long others, double[] otherMean, double[] otherScatter) {
        if (others == 0) {
            return;
        }
        double[] distance = new double[dimensions];
        for (int i = 0; i < dimensions; i++) {
            distance[i] = otherMean[i] - mean[i];
        }
        long all = count + others;
        double weight = (double) count * others / all;
        for (int i = 0; i < dimensions; i++) {
            int origin = SymmetricProducts.origin(i, dimensions);
            double factor = weight * distance[i];
            for (int j = i; j < dimensions; j++) {
                scatter[origin + j] += otherScatter[origin + j] + factor * distance[j];
            }
        }
        for (int i = 0; i < dimensions; i++) {
            mean[i] += distance[i] * others / all;
        }
        count = all;
    }

    /** The length of the vectors. */
    public int dimensions() {
        return dimensions;
    }

    /** How many vectors there are. */
    public long count() {
        finish();
        return count;
    }

    /** {@code [dimensions]}, a copy. */
    public double[] mean() {
        finish();
        return mean.clone();
    }

    /**
     * The covariance, divided by the count less one.
     *
     * @return its upper triangle, row after row: {@code [dimensions * (dimensions + 1) / 2]}
     * @throws IllegalStateException when there are fewer than two vectors
     */
    public double[] covariance() {
        finish();
        if (count < 2) {
            throw new IllegalStateException("a covariance needs two vectors: there are " + count);
        }
        double[] covariance = new double[scatter.length];
        for (int i = 0; i < covariance.length; i++) {
            covariance[i] = scatter[i] / (count - 1);
        }
        return covariance;
    }

    /** As many bytes as it takes to send finished moments. */
    public long bytes() {
        return Double.BYTES * (long) (scatter.length + mean.length);
    }
}
