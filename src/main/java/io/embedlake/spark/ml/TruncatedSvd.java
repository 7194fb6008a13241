package io.embedlake.spark.ml;

import io.embedlake.reduce.Processors;
import java.util.Arrays;
import java.util.Random;

/**
 * The largest singular values of a sparse matrix with their right singular vectors, by a randomised subspace iteration: Halko,
 * Martinsson and Tropp, Finding Structure with Randomness, SIAM Review 53, 2011. Immutable by agreement.
 *
 * <p>The same matrix and seed give the same bits. Spark's own {@code RowMatrix.computeSVD} does not: ARPACK keeps a state that
 * the whole JVM shares, and starts a Spark job for each of a thousand products with a vector; here there are {@value #PRODUCTS} products
 * with a few more vectors than are wanted.
 *
 * @param values the singular values, the largest first; those that are zero up to rounding are left out
 * @param vectors {@code [columns, values]} in row-major order: a column for each value, orthonormal, the entry of largest magnitude
 *     positive
 */
record TruncatedSvd(double[] values, float[] vectors) {
    /** Vectors that are iterated beyond the wanted ones, so that the last wanted one is found as fast as the first. */
    private static final int SPARE = 16;

    private static final int PRODUCTS = 5;

    /** Below this share of the largest one, an eigenvalue of products of columns has no meaningful direction. */
    private static final double NOISE = 1e-15;

    /** A singular value counts whose square is no less than this share of the square of the largest. */
    private static final double RANK = 1e-11;

    /**
     * Takes a matrix apart.
     *
     * @param wanted how many singular values, at most as many as columns
     * @param seed where the iteration starts
     */
    static TruncatedSvd of(SparseRows matrix, int wanted, long seed) {
        return Processors.use(() -> iterated(matrix, wanted, seed));
    }

    private static TruncatedSvd iterated(SparseRows matrix, int wanted, long seed) {
        int columns = matrix.columns();
        int width = Math.min(columns, wanted + SPARE);
        Basis basis = turned(new Basis(random(columns * width, seed), width), columns);
        for (int product = 0; product < PRODUCTS; product++) {
            basis = turned(new Basis(matrix.gramTimes(basis.matrix, basis.width), basis.width), columns);
        }
        // Once more, because the products of columns that are nearly alike have lost half of their digits.
        return ofBasis(matrix, turned(basis, columns), wanted);
    }

    private static TruncatedSvd ofBasis(SparseRows matrix, Basis basis, int wanted) {
        int width = basis.width;
        if (width == 0) {
            return new TruncatedSvd(new double[0], new float[0]);
        }
        int columns = matrix.columns();
        double[] image = matrix.gramTimes(basis.matrix, width);
        double[] small = SmallProducts.transposedTimes(basis.matrix, image, columns, width);
        SymmetricEigen eigen =
                SymmetricEigen.of(() -> SymmetricEigen.triangle(small, width), width, Math.min(wanted, width));
        int rank = rank(eigen.values(), eigen.vectors().length, RANK);
        double[] ones = new double[rank];
        Arrays.fill(ones, 1);
        double[] vectors = SmallProducts.times(basis.matrix, columns, width, eigen.vectors(), ones);
        double[] values = new double[rank];
        for (int i = 0; i < rank; i++) {
            values[i] = Math.sqrt(eigen.values()[i]);
        }
        return new TruncatedSvd(values, signed(vectors, columns, rank));
    }

    /** A matrix with as many columns as the space of its columns has dimensions. */
    private record Basis(double[] matrix, int width) {}

    private static double[] random(int size, long seed) {
        Random random = new Random(seed);
        double[] numbers = new double[size];
        for (int i = 0; i < size; i++) {
            numbers[i] = random.nextGaussian();
        }
        return numbers;
    }

    /** A basis of the same space, nearly orthonormal, by the eigenvectors of the products of the columns. */
    private static Basis turned(Basis all, int rows) {
        if (all.width == 0) {
            return all;
        }
        double[] products = SmallProducts.transposedTimes(all.matrix, all.matrix, rows, all.width);
        SymmetricEigen eigen = SymmetricEigen.all(SymmetricEigen.triangle(products, all.width), all.width, all.width);
        double[] scale = new double[rank(eigen.values(), all.width, NOISE)];
        for (int i = 0; i < scale.length; i++) {
            scale[i] = 1 / Math.sqrt(eigen.values()[i]);
        }
        return new Basis(SmallProducts.times(all.matrix, rows, all.width, eigen.vectors(), scale), scale.length);
    }

    private static int rank(double[] eigenvalues, int most, double least) {
        int rank = 0;
        while (rank < most && eigenvalues[rank] > least * eigenvalues[0]) {
            rank++;
        }
        return rank;
    }

    private static float[] signed(double[] vectors, int rows, int width) {
        double[] largest = new double[width];
        for (int i = 0; i < vectors.length; i++) {
            if (Math.abs(vectors[i]) > Math.abs(largest[i % width])) {
                largest[i % width] = vectors[i];
            }
        }
        float[] signed = new float[rows * width];
        for (int i = 0; i < signed.length; i++) {
            signed[i] = (float) (vectors[i] * Math.signum(largest[i % width]));
        }
        return signed;
    }
}
