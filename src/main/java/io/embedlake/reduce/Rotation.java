package io.embedlake.reduce;

import java.util.Random;

/**
 * A random rotation of a space: a matrix of normally distributed numbers made orthonormal (Stewart, The efficient generation of random
 * orthogonal matrices, 1980). A large space is turned in parts whose axes lie evenly among all of them. Immutable.
 */
public final class Rotation {
    /** Above it the parts' matrices take long to make, and turn no better. */
    private static final int LARGEST_PART = 512;

    private final int dimensions;
    private final int parts;
    private final double[][][] matrices;

    private Rotation(int dimensions, int parts, double[][][] matrices) {
        this.dimensions = dimensions;
        this.parts = parts;
        this.matrices = matrices;
    }

    /** The rotation of a seed. */
    public static Rotation of(int dimensions, long seed) {
        Random random = new Random(seed);
        int parts = (dimensions + LARGEST_PART - 1) / LARGEST_PART;
        double[][][] matrices = new double[parts][][];
        for (int part = 0; part < parts; part++) {
            matrices[part] = orthonormal((dimensions - part + parts - 1) / parts, random);
        }
        return new Rotation(dimensions, parts, matrices);
    }

    private static double[][] orthonormal(int size, Random random) {
        double[][] rows = new double[size][size];
        for (int row = 0; row < size; row++) {
            for (int i = 0; i < size; i++) {
                rows[row][i] = random.nextGaussian();
            }
            // Twice is enough for rows that are orthogonal to the last bits (Giraud et al., 2005).
            for (int pass = 0; pass < 2; pass++) {
                for (int other = 0; other < row; other++) {
                    add(rows[row], rows[other], -dot(rows[row], rows[other]));
                }
            }
            double length = Math.sqrt(dot(rows[row], rows[row]));
            for (int i = 0; i < size; i++) {
                rows[row][i] /= length;
            }
        }
        return rows;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void add(double[] to, double[] row, double factor) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * row[i];
        }
    }

    /**
     * This rotation of a matrix's rows.
     *
     * @param matrix {@code [dimensions][columns]}
     * @return {@code [dimensions][columns]}
     */
    public float[][] times(float[][] matrix) {
        float[][] product = new float[dimensions][];
        for (int row = 0; row < dimensions; row++) {
            double[] weights = matrices[row % parts][row / parts];
            double[] sum = new double[matrix[0].length];
            for (int i = 0; i < weights.length; i++) {
                float[] other = matrix[row % parts + i * parts];
                for (int column = 0; column < sum.length; column++) {
                    sum[column] += weights[i] * other[column];
                }
            }
            product[row] = new float[sum.length];
            for (int column = 0; column < sum.length; column++) {
                product[row][column] = (float) sum[column];
            }
        }
        return product;
    }
}
