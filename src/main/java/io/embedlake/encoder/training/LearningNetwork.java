package io.embedlake.encoder.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.embedlake.reduce.DenseLayer;
import io.embedlake.reduce.DenseNetwork;
import java.util.ArrayList;
import java.util.List;

/**
 * A network while it learns, with Adam (Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015). Mutable; confined to one
 * thread; its arrays are closed with their manager.
 */
final class LearningNetwork {
    private final List<Layer> layers;
    private final Optimizer optimizer;

    private record Layer(NDArray weights, NDArray bias, io.embedlake.reduce.Activation activation) {
        NDArray forward(NDArray rows) {
            NDArray sums = rows.matMul(weights).add(bias);
            return switch (activation) {
                case NONE -> sums;
                case RELU -> Activation.relu(sums);
                case LEAKY_RELU -> Activation.leakyRelu(sums, activation.negativeSlope());
            };
        }

        DenseLayer snapshot() {
            int outputs = (int) bias.size();
            float[] flat = weights.toFloatArray();
            float[][] columns = new float[flat.length / outputs][outputs];
            for (int input = 0; input < columns.length; input++) {
                System.arraycopy(flat, input * outputs, columns[input], 0, outputs);
            }
            return new DenseLayer(columns, bias.toFloatArray(), activation);
        }
    }

    private LearningNetwork(List<Layer> layers, Optimizer optimizer) {
        this.layers = layers;
        this.optimizer = optimizer;
    }

    /** Begins to learn with these weights; the rate of learning is asked for at each step. */
    static LearningNetwork of(DenseNetwork begin, float momentum, Tracker rate, NDManager manager) {
        List<Layer> layers = new ArrayList<>();
        for (DenseLayer layer : begin.layers()) {
            NDArray weights = manager.create(layer.columns());
            NDArray bias = manager.create(layer.bias());
            weights.setRequiresGradient(true);
            bias.setRequiresGradient(true);
            layers.add(new Layer(weights, bias, layer.activation()));
        }
        return new LearningNetwork(
                layers,
                Optimizer.adam().optLearningRateTracker(rate).optBeta1(momentum).build());
    }

    /**
     * The network's values.
     *
     * @param rows {@code [rows, inputs]}; the result lives as long as they do
     * @return {@code [rows, outputs]}
     */
    NDArray forward(NDArray rows) {
        NDArray values = rows;
        for (Layer layer : layers) {
            values = layer.forward(values);
        }
        return values;
    }

    /** Moves the weights along the gradients that were collected, and forgets these. */
    void step() {
        for (int i = 0; i < layers.size(); i++) {
            step("weights " + i, layers.get(i).weights());
            step("bias " + i, layers.get(i).bias());
        }
    }

    private void step(String name, NDArray parameter) {
        try (NDArray gradient = parameter.getGradient()) {
            optimizer.update(name, parameter, gradient);
        }
        forget(parameter);
    }

    /** Forgets gradients that were collected for others. */
    void forget() {
        for (Layer layer : layers) {
            forget(layer.weights());
            forget(layer.bias());
        }
    }

    private static void forget(NDArray parameter) {
        try (NDArray gradient = parameter.getGradient()) {
            gradient.subi(gradient);
        }
    }

    /** The network as it is now. */
    DenseNetwork snapshot() {
        return new DenseNetwork(layers.stream().map(Layer::snapshot).toList());
    }

    /** {@code [rows, values]} on the manager's device. */
    static NDArray matrix(List<float[]> rows, NDManager manager) {
        int width = rows.get(0).length;
        float[] flat = new float[Math.multiplyExact(rows.size(), width)];
        for (int row = 0; row < rows.size(); row++) {
            System.arraycopy(rows.get(row), 0, flat, row * width, width);
        }
        return manager.create(flat, new Shape(rows.size(), width));
    }
}
