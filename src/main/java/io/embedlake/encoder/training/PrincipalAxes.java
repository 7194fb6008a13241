package io.embedlake.encoder.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
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
    static float[][] of(List<float[]> rows, int count, Random random, NDManager manager) {
        int width = rows.get(0).length;
        double[][] axes = new double[count][width];
        randomize(axes, random);
        orthonormalize(axes, random);
        try (NDManager scope = manager.newSubManager()) {
            NDArray data = LearningNetwork.matrix(rows, scope);
            NDArray turned = data.transpose();
            for (int i = 0; i < ITERATIONS; i++) {
                try (NDManager step = scope.newSubManager()) {
                    NDArray old = step.create(flat(axes), new Shape(count, width));
                    NDArray projected = old.matMul(turned);
                    fill(axes, projected.matMul(data).toFloatArray());
                }
                orthonormalize(axes, random);
            }
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

    /** Gram and Schmidt's way, modified; an axis that depends on those before it is drawn anew. */
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

    private static float[] flat(double[][] axes) {
        float[] flat = new float[axes.length * axes[0].length];
        for (int k = 0; k < axes.length; k++) {
            for (int i = 0; i < axes[k].length; i++) {
                flat[k * axes[k].length + i] = (float) axes[k][i];
            }
        }
        return flat;
    }

    private static void fill(double[][] axes, float[] flat) {
        for (int k = 0; k < axes.length; k++) {
            for (int i = 0; i < axes[k].length; i++) {
                axes[k][i] = flat[k * axes[k].length + i];
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
