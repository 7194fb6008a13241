package io.embedlake.local.training;

import java.util.Random;

/**
 * The directions along which rows vary most, well enough to begin a training with: orthogonal iteration (Golub and Van Loan, Matrix
 * Computations, 2013, section 8.2.4). Stateless.
 */
final class PrincipalAxes {
    private static final int ITERATIONS = 20;

    private PrincipalAxes() {}

    /**
     * Finds them.
     *
     * @param rows {@code [rows][values]}, around 0
     * @param count how many, at most {@code values}
     * @return {@code [count][values]}, orthonormal
     */
    static float[][] of(float[][] rows, int count, Random random) {
        double[][] axes = new double[count][rows[0].length];
        randomize(axes, random);
        orthonormalize(axes, random);
        float[][] turned = Products.transposed(rows);
        for (int i = 0; i < ITERATIONS; i++) {
            fill(axes, Products.of(Products.of(toFloats(axes), turned), rows));
            orthonormalize(axes, random);
        }
        return toFloats(axes);
    }

    private static void randomize(double[][] axes, Random random) {
        for (double[] axis : axes) {
            for (int i = 0; i < axis.length; i++) {
                axis[i] = random.nextGaussian();
            }
        }
    }

    /** Gram and Schmidt's way, modified; an axis that depends on those before it is drawn again. */
    private static void orthonormalize(double[][] axes, Random random) {
        for (int k = 0; k < axes.length; k++) {
            double before = length(axes[k]);
            subtract(axes, k);
            if (!(length(axes[k]) > 1e-6 * before)) {
                randomize(new double[][] {axes[k]}, random);
                subtract(axes, k);
            }
            // Once more for what rounding left.
            subtract(axes, k);
            double scale = 1 / length(axes[k]);
            for (int i = 0; i < axes[k].length; i++) {
                axes[k][i] *= scale;
            }
        }
    }

    private static void subtract(double[][] axes, int k) {
        for (int other = 0; other < k; other++) {
            double share = 0;
            for (int i = 0; i < axes[k].length; i++) {
                share += axes[k][i] * axes[other][i];
            }
            for (int i = 0; i < axes[k].length; i++) {
                axes[k][i] -= share * axes[other][i];
            }
        }
    }

    private static double length(double[] vector) {
        double squares = 0;
        for (double value : vector) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    private static void fill(double[][] axes, float[][] values) {
        for (int k = 0; k < axes.length; k++) {
            for (int i = 0; i < axes[k].length; i++) {
                axes[k][i] = values[k][i];
            }
        }
    }

    private static float[][] toFloats(double[][] axes) {
        float[][] floats = new float[axes.length][axes[0].length];
        for (int k = 0; k < axes.length; k++) {
            for (int i = 0; i < axes[k].length; i++) {
                floats[k][i] = (float) axes[k][i];
            }
        }
        return floats;
    }
}
