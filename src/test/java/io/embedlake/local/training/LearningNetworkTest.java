package io.embedlake.local.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.reduce.Activation;
import io.embedlake.reduce.DenseLayer;
import io.embedlake.reduce.DenseNetwork;
import io.embedlake.testing.Property;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningNetworkTest {
    private static final IntToDoubleFunction RATE = step -> 0.1;

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 7, 5", "31, 64, 13", "384, 256, 64"})
    void batchesHaveTheValuesOfTheirRows(int inputs, int hidden, int outputs) {
        Property.holds(3, random -> {
            DenseNetwork network = network(random, inputs, hidden, outputs);
            float[][] rows = rows(random, 5, inputs);
            LearningNetwork learning = LearningNetwork.of(network, 0.9f, RATE);
            float[][] found = learning.forward(rows).outputs();
            for (int row = 0; row < rows.length; row++) {
                assertNear(network.apply(rows[row]), found[row], 1e-5);
            }
            assertArrayEquals(network.toBytes(), learning.snapshot().toBytes());
        });
    }

    @Test
    void slopesAreWhatSmallChangesOfTheInputsMakeOfTheLoss() {
        Property.holds(5, random -> {
            DenseNetwork network = network(random, 4, 9, 3);
            float[][] rows = rows(random, 6, 4);
            float[][] weights = rows(random, 6, 3);
            LearningNetwork learning = LearningNetwork.of(network, 0.9f, RATE);
            LearningNetwork.Pass pass = learning.forward(rows);
            float[][] learned = learning.ofInputs(learning.learn(pass, copy(weights)));
            float[][] slopes = learning.ofInputs(learning.back(pass, copy(weights)));
            for (int row = 0; row < rows.length; row++) {
                assertArrayEquals(slopes[row], learned[row]);
                for (int i = 0; i < 4; i++) {
                    assertEquals(slope(network, rows[row], weights[row], i), slopes[row][i], 0.02);
                }
            }
        });
    }

    private static double slope(DenseNetwork network, float[] row, float[] weights, int i) {
        float[] more = row.clone();
        float[] less = row.clone();
        more[i] += 1e-4f;
        less[i] -= 1e-4f;
        float[] above = network.apply(more);
        float[] below = network.apply(less);
        double change = 0;
        for (int k = 0; k < weights.length; k++) {
            change += (double) weights[k] * (above[k] - below[k]);
        }
        return change / ((double) more[i] - less[i]);
    }

    /** The first step of Adam goes by the rate, against the sign of the gradient. */
    @Test
    void aStepMovesEachWeightAgainstItsSlope() {
        DenseNetwork network = new DenseNetwork(
                List.of(new DenseLayer(new float[][] {{1, -1}, {2, 0}}, new float[] {0, 3}, Activation.NONE)));
        LearningNetwork learning = LearningNetwork.of(network, 0.9f, RATE);
        learning.learn(learning.forward(new float[][] {{1, -2}, {3, 1}}), new float[][] {{1, 0}, {0, -1}});
        learning.step();
        DenseLayer moved = learning.snapshot().layers().get(0);
        assertNear(new float[] {0.9f, -0.9f}, moved.columns()[0], 1e-6);
        assertNear(new float[] {2.1f, 0.1f}, moved.columns()[1], 1e-6);
        assertNear(new float[] {-0.1f, 3.1f}, moved.bias(), 1e-6);
        learning.step();
        assertTrue(learning.snapshot().layers().get(0).bias()[0] < -0.1f, "goes on by its momentum alone");
    }

    @Test
    void slopesOfNeighboursAreWhatSmallChangesOfAVectorMakeOfTheLoss() {
        Property.holds(5, random -> {
            float[][] full = rows(random, 7, 6);
            float[][] vectors = rows(random, 7, 3);
            float[][] slopes = NeighbourLoss.of(full, vectors).slopes();
            for (int row = 0; row < vectors.length; row++) {
                for (int i = 0; i < 3; i++) {
                    double there = loss(full, vectors, row, i, 1e-3f);
                    double back = loss(full, vectors, row, i, -1e-3f);
                    assertEquals((there - back) / 2e-3, slopes[row][i], 0.05);
                }
            }
        });
    }

    private static double loss(float[][] full, float[][] vectors, int row, int i, float change) {
        float[][] changed = copy(vectors);
        changed[row][i] += change;
        return NeighbourLoss.of(full, changed).value();
    }

    @Test
    void vectorsWithTheNeighboursOfTheLongOnesHaveNoLoss() {
        float[][] rows = rows(new Random(3), 20, 6);
        NeighbourLoss loss = NeighbourLoss.of(rows, rows);
        assertEquals(0, loss.value(), 1e-6);
        for (float[] slopes : loss.slopes()) {
            assertNear(new float[6], slopes, 1e-6);
        }
    }

    @Test
    void powersOfEAreThoseOfJava() {
        for (float x = -90; x <= 0; x += 0.0137f) {
            assertEquals(StrictMath.exp(x), Exponential.of(x), 3e-7 * StrictMath.exp(x) + 1e-37);
        }
        assertEquals(1, Exponential.of(0));
        assertEquals(0, Exponential.of(Float.NEGATIVE_INFINITY));
        assertTrue(Float.isNaN(Exponential.of(Float.NaN)));
    }

    @Test
    void principalAxesAreThoseAlongWhichRowsVaryMost() {
        Random random = new Random(2);
        float[][] rows = rows(random, 500, 6);
        for (float[] row : rows) {
            row[4] *= 5;
            row[1] *= 3;
        }
        float[][] axes = PrincipalAxes.of(rows, 2, random);
        assertEquals(1, Math.abs(axes[0][4]), 0.02);
        assertEquals(1, Math.abs(axes[1][1]), 0.02);
    }

    private static DenseNetwork network(Random random, int inputs, int hidden, int outputs) {
        return new DenseNetwork(List.of(
                FirstWeights.random(inputs, hidden, Activation.RELU, random),
                FirstWeights.random(hidden, hidden, Activation.LEAKY_RELU, random),
                FirstWeights.random(hidden, outputs, Activation.NONE, random)));
    }

    private static void assertNear(float[] expected, float[] found, double tolerance) {
        assertEquals(expected.length, found.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], tolerance * (1 + Math.abs(expected[i])));
        }
    }

    private static float[][] copy(float[][] rows) {
        return Products.copy(rows, rows.length);
    }

    private static float[][] rows(Random random, int count, int width) {
        float[][] rows = new float[count][width];
        for (float[] row : rows) {
            for (int i = 0; i < width; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return rows;
    }
}
