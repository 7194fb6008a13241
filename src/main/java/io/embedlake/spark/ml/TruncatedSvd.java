package io.embedlake.spark.ml;

import java.util.Random;

/**
 * The largest singular values of a sparse matrix with their right singular vectors, by a randomised subspace iteration: Halko,
 * Martinsson and Tropp, Finding Structure with Randomness, SIAM Review 53, 2011. Immutable by agreement.
 *
 * <p>The same matrix and seed give the same bits. Spark's own {@code RowMatrix.computeSVD} does not: ARPACK goes on from a state that
 * the whole JVM shares, and starts a Spark job for each of a thousand products with a vector; here there are {@value #PRODUCTS} products
 * with a few more vectors than are wanted.
 *
 * @param values the singular values, the largest first; those that are zero but for rounding are left out
 * @param vectors {@code [columns, values]} in row-major order: a column for each value, orthonormal, the entry of largest magnitude
 *     positive
 */
record TruncatedSvd(double[] values, float[] vectors) {
    /** Vectors that are iterated beyond the wanted ones, so that the last wanted one is found as fast as the first. */
    private static final int SPARE = 16;

    private static final int PRODUCTS = 6;

    /** After so many products what they have in common is taken out, before it hides what they differ in. */
    private static final int PRODUCTS_AT_ONCE = 2;

    /** Below this share of the largest one an eigenvalue of the matrix times itself is rounding. */
    private static final double ROUNDING = 1e-11;

    /**
     * Takes a matrix apart.
     *
     * @param wanted how many singular values, at most as many as columns
     * @param seed where the iteration starts
     */
    static TruncatedSvd of(SparseRows matrix, int wanted, long seed) {
        int columns = matrix.columns();
        int width = Math.min(columns, wanted + SPARE);
        double[] basis = random(columns * width, seed);
        for (int product = 0; product < PRODUCTS; product += PRODUCTS_AT_ONCE) {
            for (int i = 0; i < PRODUCTS_AT_ONCE; i++) {
                basis = matrix.gramTimes(basis, width);
            }
            Turned orthonormal = orthonormal(basis, columns, width);
            basis = orthonormal.matrix;
            width = orthonormal.width;
        }
        double[] image = matrix.gramTimes(basis, width);
        double[] small = transposedTimes(basis, image, columns, width);
        SymmetricEigen eigen = SymmetricEigen.of(small::clone, width, Math.min(wanted, width));
        int rank = rank(eigen.values(), eigen.vectors().length);
        double[] vectors = times(basis, columns, width, eigen.vectors(), rank, scaleOne(rank));
        double[] values = new double[rank];
        for (int i = 0; i < rank; i++) {
            values[i] = Math.sqrt(eigen.values()[i]);
        }
        return new TruncatedSvd(values, signed(vectors, columns, rank));
    }

    /** A matrix with orthonormal columns, as many as the space has dimensions. */
    private record Turned(double[] matrix, int width) {}

    private static double[] random(int size, long seed) {
        Random random = new Random(seed);
        double[] numbers = new double[size];
        for (int i = 0; i < size; i++) {
            numbers[i] = random.nextGaussian();
        }
        return numbers;
    }

    /**
     * An orthonormal basis of the same space, by the eigenvectors of the products of the columns; done twice, because the first time the
     * products have lost half of the digits.
     */
    private static Turned orthonormal(double[] matrix, int rows, int width) {
        Turned once = turned(matrix, rows, width);
        return turned(once.matrix, rows, once.width);
    }

    private static Turned turned(double[] matrix, int rows, int width) {
        double[] products = transposedTimes(matrix, matrix, rows, width);
        SymmetricEigen eigen = SymmetricEigen.all(products, width, width);
        int rank = rank(eigen.values(), width);
        double[] scale = new double[rank];
        for (int i = 0; i < rank; i++) {
            scale[i] = 1 / Math.sqrt(eigen.values()[i]);
        }
        return new Turned(times(matrix, rows, width, eigen.vectors(), rank, scale), rank);
    }

    private static int rank(double[] eigenvalues, int most) {
        int rank = 0;
        while (rank < most && eigenvalues[rank] > ROUNDING * eigenvalues[0] && eigenvalues[rank] > 0) {
            rank++;
        }
        return rank;
    }

    private static double[] scaleOne(int size) {
        double[] ones = new double[size];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }

    /** The transposed first matrix times the second, {@code [width, width]}, made symmetric. */
    private static double[] transposedTimes(double[] first, double[] second, int rows, int width) {
        double[] product = new double[width * width];
        for (int row = 0; row < rows; row++) {
            int start = row * width;
            for (int i = 0; i < width; i++) {
                double factor = first[start + i];
                int into = i * width;
                for (int j = i; j < width; j++) {
                    product[into + j] += factor * second[start + j];
                }
            }
        }
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < i; j++) {
                product[i * width + j] = product[j * width + i];
            }
        }
        return product;
    }

    /** A matrix times others' vectors, each scaled: {@code [rows, wanted]}. */
    private static double[] times(
            double[] matrix, int rows, int width, double[][] vectors, int wanted, double[] scale) {
        double[] turn = new double[width * wanted];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < wanted; j++) {
                turn[i * wanted + j] = vectors[j][i] * scale[j];
            }
        }
        double[] product = new double[rows * wanted];
        for (int row = 0; row < rows; row++) {
            int into = row * wanted;
            for (int i = 0; i < width; i++) {
                double factor = matrix[row * width + i];
                int from = i * wanted;
                for (int j = 0; j < wanted; j++) {
                    product[into + j] += factor * turn[from + j];
                }
            }
        }
        return product;
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
