package io.embedlake.local.training;

import io.embedlake.reduce.Activation;
import io.embedlake.reduce.DenseLayer;
import io.embedlake.reduce.DenseNetwork;
import java.util.List;
import java.util.Random;

/** The weights that a training begins with. Stateless. */
final class FirstWeights {
    private FirstWeights() {}

    /** Random weights that keep the variance of what goes through (He et al., Delving Deep into Rectifiers, 2015), and no bias. */
    static DenseLayer random(int inputs, int outputs, Activation activation, Random random) {
        float[][] columns = new float[inputs][outputs];
        double slope = activation.negativeSlope();
        double deviation = Math.sqrt(2 / (1 + slope * slope) / inputs);
        for (float[] column : columns) {
            for (int k = 0; k < outputs; k++) {
                column[k] = (float) (deviation * random.nextGaussian());
            }
        }
        return new DenseLayer(columns, new float[outputs], activation);
    }

    /**
     * Two layers that compute {@code B (A x + c)} to begin with, and can learn more than that: the hidden layer has each value of the inner
     * sum and its opposite, of which a ReLU keeps one, and free units with random weights and no effect yet.
     *
     * @param columnsOfA {@code [inputs][middle]}
     * @param c {@code [middle]}
     * @param columnsOfB {@code [middle][outputs]}
     */
    static DenseNetwork linear(float[][] columnsOfA, float[] c, float[][] columnsOfB, int free, Random random) {
        int middle = c.length;
        int hidden = 2 * middle + free;
        float[][] first =
                random(columnsOfA.length, hidden, Activation.RELU, random).columns();
        float[] bias = new float[hidden];
        float[][] second = new float[hidden][columnsOfB[0].length];
        for (int k = 0; k < middle; k++) {
            for (int input = 0; input < columnsOfA.length; input++) {
                first[input][2 * k] = columnsOfA[input][k];
                first[input][2 * k + 1] = -columnsOfA[input][k];
            }
            bias[2 * k] = c[k];
            bias[2 * k + 1] = -c[k];
            for (int output = 0; output < second[0].length; output++) {
                second[2 * k][output] = columnsOfB[k][output];
                second[2 * k + 1][output] = -columnsOfB[k][output];
            }
        }
        return new DenseNetwork(List.of(
                new DenseLayer(first, bias, Activation.RELU),
                new DenseLayer(second, new float[second[0].length], Activation.NONE)));
    }
}
