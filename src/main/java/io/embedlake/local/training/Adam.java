package io.embedlake.local.training;

import java.util.function.IntToDoubleFunction;

/**
 * Moves numbers along their gradients (Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015). Mutable; confined to one
 * thread.
 */
final class Adam {
    private static final float SQUARES_KEPT = 0.999f;
    private static final float TINY = 1e-8f;
    /** About as many multiplications as a number takes. */
    private static final int WORK = 16;

    private final float momentum;
    private final IntToDoubleFunction rate;
    private final float[][] means;
    private final float[][] squares;
    private int steps;

    /**
     * For the numbers of a matrix.
     *
     * @param momentum what share of its direction a step takes from those before
     * @param rate of learning, by the step's number from 1 on
     */
    Adam(int rows, int columns, float momentum, IntToDoubleFunction rate) {
        this.momentum = momentum;
        this.rate = rate;
        this.means = new float[rows][columns];
        this.squares = new float[rows][columns];
    }

    /** A step, after which the gradients are 0. */
    void step(float[][] numbers, float[][] gradients) {
        steps++;
        double correction = Math.sqrt(1 - StrictMath.pow(SQUARES_KEPT, steps)) / (1 - StrictMath.pow(momentum, steps));
        float step = (float) (rate.applyAsDouble(steps) * correction);
        Products.each(
                numbers.length,
                (long) WORK * numbers[0].length,
                row -> step(numbers[row], gradients[row], means[row], squares[row], step));
    }

    private void step(float[] numbers, float[] gradients, float[] mean, float[] square, float step) {
        for (int i = 0; i < numbers.length; i++) {
            float gradient = gradients[i];
            mean[i] = momentum * mean[i] + (1 - momentum) * gradient;
            square[i] = SQUARES_KEPT * square[i] + (1 - SQUARES_KEPT) * gradient * gradient;
            numbers[i] -= step * mean[i] / ((float) Math.sqrt(square[i]) + TINY);
            gradients[i] = 0;
        }
    }
}
