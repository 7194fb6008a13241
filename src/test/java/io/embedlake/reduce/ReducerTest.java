package io.embedlake.reduce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.testing.Property;
import io.embedlake.testing.Serial;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReducerTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 3", "7, 5", "31, 13", "127, 1", "1, 3", "384, 64", "1021, 509"})
    void projectsLikeThePlainDoubleLoop(int inputs, int outputs) {
        Property.holds(5, random -> {
            float[][] components = components(random, inputs, outputs);
            PcaReducer reducer = new PcaReducer(components, floats(random, inputs), new double[outputs]);
            float[] vector = floats(random, inputs);
            float[] reduced = reducer.reduce(vector);
            assertEquals(outputs, reduced.length);
            for (int row = 0; row < outputs; row++) {
                double expected = 0;
                double size = 0;
                for (int column = 0; column < inputs; column++) {
                    double product = (double) components[row][column] * vector[column];
                    expected += product;
                    size += Math.abs(product);
                }
                assertEquals(expected, reduced[row], 1e-6 * inputs * size / Math.sqrt(inputs) + 1e-12);
            }
        });
    }

    @Test
    void doesNotSubtractTheMean() {
        PcaReducer reducer = new PcaReducer(new float[][] {{1, 0}}, new float[] {5, 5}, new double[] {1});
        assertArrayEquals(new float[] {3}, reducer.reduce(new float[] {3, 4}));
    }

    @Test
    void subtractsTheMeanWhenItIsCentered() {
        PcaReducer reducer = new PcaReducer(new float[][] {{1, 0}}, new float[] {5, 5}, new double[] {1}).centered();
        assertArrayEquals(new float[] {-2}, reducer.reduce(new float[] {3, 4}));
    }

    @Test
    void theErrorIsWhatLiesOutsideOfTheSubspaceAroundTheMean() {
        PcaReducer reducer = new PcaReducer(new float[][] {{1, 0, 0}}, new float[] {5, 5, 1}, new double[] {1});
        assertEquals(9 + 16, reducer.squaredError(new float[] {77, 2, 5}), 1e-3);
        assertEquals(9 + 16, reducer.centered().squaredError(new float[] {77, 2, 5}), 1e-3);
        assertEquals(25, new Truncation(1).squaredError(new float[] {77, 3, 4}), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 3", "64, 64", "600, 513", "1100, 1025"})
    void turningTheAxesKeepsEveryProduct(int inputs, int outputs) {
        Property.holds(1, random -> {
            float[][] components = components(random, inputs, outputs);
            PcaReducer plain = new PcaReducer(components, floats(random, inputs), new double[outputs]);
            PcaReducer turned = plain.rotated(random.nextLong());
            float[] a = floats(random, inputs);
            float[] b = floats(random, inputs);
            assertEquals(
                    dot(plain.reduce(a), plain.reduce(b)),
                    dot(turned.reduce(a), turned.reduce(b)),
                    1e-4 * Math.sqrt(dot(plain.reduce(a), plain.reduce(a)) * dot(plain.reduce(b), plain.reduce(b))));
            if (outputs > 8) {
                assertEquals(0, cosine(plain.reduce(a), turned.reduce(a)), 0.6);
            }
        });
    }

    private static double cosine(float[] a, float[] b) {
        return io.embedlake.spi.Vectors.cosine(a, b);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    @Test
    void copiesWhatItIsGivenAndWhatItGives() {
        float[][] components = {{1, 2}, {3, 4}};
        float[] mean = {5, 6};
        double[] variance = {0.5, 0.25};
        PcaReducer reducer = new PcaReducer(components, mean, variance);
        components[0][0] = 99;
        mean[0] = 99;
        variance[0] = 99;
        reducer.components()[1][1] = 99;
        reducer.mean()[1] = 99;
        reducer.explainedVariance()[1] = 99;
        assertArrayEquals(new float[][] {{1, 2}, {3, 4}}, reducer.components());
        assertArrayEquals(new float[] {5, 6}, reducer.mean());
        assertArrayEquals(new double[] {0.5, 0.25}, reducer.explainedVariance());
        assertEquals(0.75, reducer.varianceKept());
        assertEquals(2, reducer.inputDimensions());
        assertEquals(2, reducer.dimensions());
    }

    @Test
    void leavesTheVectorUnchanged() {
        float[] vector = {3, 4};
        new PcaReducer(new float[][] {{1, 1}}, new float[2], new double[1]).reduce(vector);
        assertArrayEquals(new float[] {3, 4}, vector);
    }

    @Test
    void refusesAVectorOfAnotherLength() {
        PcaReducer reducer = new PcaReducer(new float[][] {{1, 0, 0}}, new float[3], new double[1]);
        assertFailure("a vector of 2 values instead of 3", () -> reducer.reduce(new float[2]));
        assertFailure("a vector of 4 values instead of 3", () -> reducer.reduce(new float[4]));
    }

    @Test
    void refusesPartsThatDoNotFit() {
        String variances = "a projection needs an explained variance for each of its components";
        assertFailure(variances, () -> new PcaReducer(new float[0][], new float[3], new double[0]));
        assertFailure(variances, () -> new PcaReducer(new float[2][3], new float[3], new double[1]));
        assertFailure(
                "component 1 and the mean differ in length",
                () -> new PcaReducer(new float[][] {{1, 2, 3}, {1, 2}}, new float[3], new double[2]));
    }

    @Test
    void keepsTheVarianceOfItsOwnComponentsOutOfAWholeSpectrum() {
        PcaReducer reducer =
                new PcaReducer(components(new Random(3), 5, 2), new float[5], new double[] {.5, .2, .15, .1, .05});
        assertEquals(2, reducer.dimensions());
        assertEquals(0.7, reducer.varianceKept(), 1e-12);
        assertEquals(5, reducer.explainedVariance().length);
    }

    @Test
    void travelsToOtherProcessesUnchanged() {
        Random random = new Random(11);
        PcaReducer reducer = new PcaReducer(components(random, 7, 3), floats(random, 7), new double[] {.5, .3, .1});
        PcaReducer arrived = Serial.roundTrip(reducer);
        float[] vector = floats(random, 7);
        assertArrayEquals(reducer.reduce(vector), arrived.reduce(vector));
        assertArrayEquals(reducer.mean(), arrived.mean());
        assertArrayEquals(reducer.explainedVariance(), arrived.explainedVariance());
    }

    @Test
    void noReductionLeavesVectorsAsTheyAre() {
        float[] vector = {1, 2, 3};
        assertSame(vector, new NoReduction().reduce(vector));
        assertEquals(new NoReduction(), Serial.roundTrip(new NoReduction()));
    }

    private static void assertFailure(String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static float[][] components(Random random, int inputs, int outputs) {
        float[][] components = new float[outputs][];
        for (int row = 0; row < outputs; row++) {
            components[row] = floats(random, inputs);
        }
        return components;
    }

    private static float[] floats(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
