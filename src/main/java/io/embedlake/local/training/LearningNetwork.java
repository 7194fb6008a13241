package io.embedlake.local.training;

import io.embedlake.reduce.Activation;
import io.embedlake.reduce.DenseLayer;
import io.embedlake.reduce.DenseNetwork;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** A network while it learns. Mutable; confined to one thread. */
final class LearningNetwork {
    private final Layer[] layers;

    private LearningNetwork(Layer[] layers) {
        this.layers = layers;
    }

    /**
     * Begins to learn with these weights.
     *
     * @param momentum of {@link Adam}
     * @param rate of learning, by the step's number from 1 on
     */
    static LearningNetwork of(DenseNetwork begin, float momentum, IntToDoubleFunction rate) {
        return new LearningNetwork(begin.layers().stream()
                .map(layer -> Layer.of(layer, momentum, rate))
                .toArray(Layer[]::new));
    }

    /**
     * What a network makes of some rows.
     *
     * @param values {@code [layers + 1][rows][]}: the rows, then the values of each layer
     */
    record Pass(float[][][] values) {
        /** {@code [rows][outputs]}. */
        float[][] outputs() {
            return values[values.length - 1];
        }
    }

    /**
     * A layer while it learns.
     *
     * @param weights {@code [inputs + 1][outputs]}, the bias last
     * @param gradients of the same shape
     */
    private record Layer(float[][] weights, float[][] gradients, Activation activation, Adam adam) {
        static Layer of(DenseLayer layer, float momentum, IntToDoubleFunction rate) {
            int rows = layer.inputs() + 1;
            float[][] weights = Arrays.copyOf(layer.columns(), rows);
            weights[rows - 1] = layer.bias();
            return new Layer(
                    weights,
                    new float[rows][layer.outputs()],
                    layer.activation(),
                    new Adam(rows, layer.outputs(), momentum, rate));
        }

        float[][] forward(float[][] rows) {
            float[] bias = bias(weights);
            float[][] sums = new float[rows.length][];
            Arrays.setAll(sums, row -> bias.clone());
            Products.add(rows, weights, sums);
            if (activation != Activation.NONE) {
                Products.each(sums.length, bias.length, row -> activate(sums[row]));
            }
            return sums;
        }

        private void activate(float[] values) {
            float slope = activation.negativeSlope();
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.max(values[i], 0) + slope * Math.min(values[i], 0);
            }
        }

        /** The slopes of the sums by those of the values, which are overwritten. */
        void beforeActivation(float[][] values, float[][] slopes) {
            if (activation != Activation.NONE) {
                float slope = activation.negativeSlope();
                Products.each(slopes.length, slopes[0].length, row -> {
                    for (int i = 0; i < slopes[row].length; i++) {
                        slopes[row][i] *= values[row][i] > 0 ? 1 : slope;
                    }
                });
            }
        }

        void learn(float[][] inputs, float[][] slopesOfSums) {
            Products.add(Products.transposed(inputs), slopesOfSums, gradients);
            float[] bias = bias(gradients);
            for (float[] slopes : slopesOfSums) {
                for (int i = 0; i < bias.length; i++) {
                    bias[i] += slopes[i];
                }
            }
        }

        float[][] slopesOfInputs(float[][] slopesOfSums) {
            return Products.of(slopesOfSums, Products.transposed(Arrays.copyOf(weights, weights.length - 1)));
        }

        private static float[] bias(float[][] weights) {
            return weights[weights.length - 1];
        }

        DenseLayer snapshot() {
            return new DenseLayer(Arrays.copyOf(weights, weights.length - 1), bias(weights), activation);
        }
    }

    /**
     * The network's values.
     *
     * @param rows {@code [rows][inputs]}; kept and not changed
     */
    Pass forward(float[][] rows) {
        float[][][] values = new float[layers.length + 1][][];
        values[0] = rows;
        for (int i = 0; i < layers.length; i++) {
            values[i + 1] = layers[i].forward(values[i]);
        }
        return new Pass(values);
    }

    /**
     * Collects the gradients of the weights.
     *
     * @param slopes {@code [rows][outputs]}: how a loss changes with the values that came out; overwritten
     * @return how it changes with the sums of the first layer, for {@link #ofInputs}
     */
    float[][] learn(Pass pass, float[][] slopes) {
        float[][] ofSums = slopes;
        for (int i = layers.length - 1; i >= 0; i--) {
            layers[i].beforeActivation(pass.values()[i + 1], ofSums);
            layers[i].learn(pass.values()[i], ofSums);
            if (i > 0) {
                ofSums = layers[i].slopesOfInputs(ofSums);
            }
        }
        return ofSums;
    }

    /** How a loss changes with the rows that went in, {@code [rows][inputs]}, by what {@link #learn} or {@link #back} gave. */
    float[][] ofInputs(float[][] slopesOfSums) {
        return layers[0].slopesOfInputs(slopesOfSums);
    }

    /** As {@link #learn}, without a gradient for the weights. */
    float[][] back(Pass pass, float[][] slopes) {
        float[][] ofSums = slopes;
        for (int i = layers.length - 1; i >= 0; i--) {
            layers[i].beforeActivation(pass.values()[i + 1], ofSums);
            if (i > 0) {
                ofSums = layers[i].slopesOfInputs(ofSums);
            }
        }
        return ofSums;
    }

    /** Moves the weights along the gradients that were collected, and forgets these. */
    void step() {
        for (Layer layer : layers) {
            layer.adam().step(layer.weights(), layer.gradients());
        }
    }

    /** A snapshot of the network. */
    DenseNetwork snapshot() {
        return new DenseNetwork(Arrays.stream(layers).map(Layer::snapshot).toList());
    }
}
