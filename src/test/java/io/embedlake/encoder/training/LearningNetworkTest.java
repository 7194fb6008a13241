package io.embedlake.encoder.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.tracker.Tracker;
import io.embedlake.encoder.DjlRuntime;
import io.embedlake.reduce.Activation;
import io.embedlake.reduce.DenseNetwork;
import io.embedlake.testing.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningNetworkTest {
    private static final Tracker RATE = Tracker.fixed(0.1f);

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 7, 5", "31, 64, 13", "384, 256, 64"})
    void plainJavaComputesWhatLibtorchDoes(int inputs, int hidden, int outputs) {
        Property.holds(3, random -> {
            DenseNetwork network = new DenseNetwork(List.of(
                    FirstWeights.random(inputs, hidden, Activation.RELU, random),
                    FirstWeights.random(hidden, hidden, Activation.LEAKY_RELU, random),
                    FirstWeights.random(hidden, outputs, Activation.NONE, random)));
            List<float[]> rows = rows(random, 5, inputs);
            try (NDManager manager = DjlRuntime.torch().newBaseManager(ai.djl.Device.cpu())) {
                LearningNetwork learning = LearningNetwork.of(network, 0.9f, RATE, manager);
                float[] found =
                        learning.forward(LearningNetwork.matrix(rows, manager)).toFloatArray();
                for (int row = 0; row < rows.size(); row++) {
                    float[] expected = network.apply(rows.get(row));
                    for (int k = 0; k < outputs; k++) {
                        assertEquals(expected[k], found[row * outputs + k], 1e-5 * (1 + Math.abs(expected[k])));
                    }
                }
                assertArrayEquals(network.toBytes(), learning.snapshot().toBytes());
            }
        });
    }

    @Test
    void aStepGoesDownhillAndForgottenGradientsMoveNothing() {
        Random random = new Random(1);
        DenseNetwork network = new DenseNetwork(List.of(FirstWeights.random(3, 1, Activation.NONE, random)));
        float[] losses = TorchTraining.alone(manager -> losses(network, rows(random, 10, 3), manager));
        assertEquals(losses[0], losses[1]);
        assertTrue(losses[2] < losses[1], losses[2] + " after " + losses[1]);
    }

    /** The loss at first, after a step with forgotten gradients, and after one with gradients. */
    private static float[] losses(DenseNetwork network, List<float[]> sample, NDManager manager) {
        LearningNetwork learning = LearningNetwork.of(network, 0.9f, RATE, manager);
        NDArray rows = LearningNetwork.matrix(sample, manager);
        Supplier<NDArray> loss = () -> learning.forward(rows).square().mean();
        float first = loss.get().getFloat();
        TorchTraining.descend("a test", loss);
        learning.forget();
        learning.step();
        float second = loss.get().getFloat();
        TorchTraining.descend("a test", loss);
        learning.step();
        return new float[] {first, second, loss.get().getFloat()};
    }

    @Test
    void principalAxesAreThoseAlongWhichRowsVaryMost() {
        Random random = new Random(2);
        List<float[]> rows = rows(random, 500, 6);
        rows.forEach(row -> {
            row[4] *= 5;
            row[1] *= 3;
        });
        try (NDManager manager = DjlRuntime.torch().newBaseManager(ai.djl.Device.cpu())) {
            float[][] axes = PrincipalAxes.of(rows, 2, random, manager);
            assertEquals(1, Math.abs(axes[0][4]), 0.02);
            assertEquals(1, Math.abs(axes[1][1]), 0.02);
        }
    }

    private static List<float[]> rows(Random random, int count, int width) {
        List<float[]> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            float[] values = new float[width];
            for (int i = 0; i < width; i++) {
                values[i] = (float) random.nextGaussian();
            }
            rows.add(values);
        }
        return rows;
    }
}
