package io.embedlake.reduce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import io.embedlake.testing.Serial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DenseNetworkTest {
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 5, 1", "3, 7, 13", "31, 2, 4", "127, 64, 17", "384, 256, 64"})
    void computesLikeThePlainDoubleLoop(int inputs, int hidden, int outputs) {
        Property.holds(5, random -> {
            DenseNetwork network = network(random, inputs, hidden, outputs);
            float[] vector = floats(random, inputs);
            double[] expected = plain(network, vector);
            double[] sizes = plain(absolute(network), absolute(vector));
            float[] found = network.apply(vector);
            assertEquals(outputs, found.length);
            for (int i = 0; i < outputs; i++) {
                // rounding goes with the sum of the products' sizes, which may be far above the sum itself
                assertEquals(expected[i], found[i], 5e-7 * sizes[i]);
            }
        });
    }

    @Test
    void activationsDoWhatTheirNamesSay() {
        float[] values = {-2, 0, 3};
        assertArrayEquals(new float[] {-2, 0, 3}, activated(Activation.NONE, values));
        assertArrayEquals(new float[] {0, 0, 3}, activated(Activation.RELU, values));
        assertArrayEquals(new float[] {-0.4f, 0, 3}, activated(Activation.LEAKY_RELU, values));
    }

    @Test
    void bytesHoldAllOfANetwork() {
        Property.holds(20, random -> {
            DenseNetwork network =
                    network(random, 1 + random.nextInt(20), 1 + random.nextInt(20), 1 + random.nextInt(20));
            DenseNetwork read = DenseNetwork.of(network.toBytes());
            float[] vector = floats(random, network.inputs());
            assertArrayEquals(network.apply(vector), read.apply(vector));
            assertArrayEquals(network.toBytes(), read.toBytes());
        });
    }

    @Test
    void bytesAreAsTheDocumentationSays() {
        DenseNetwork network = new DenseNetwork(
                List.of(new DenseLayer(new float[][] {{1}, {-2}}, new float[] {0.5f}, Activation.LEAKY_RELU)));
        byte[] bytes = network.toBytes();
        byte[] expected = {
            'E',
            'L',
            'D',
            'N',
            1,
            0,
            0,
            0, // what it is, and the version
            1,
            0,
            0,
            0,
            2,
            0,
            0,
            0,
            1,
            0,
            0,
            0,
            2,
            0,
            0,
            0, // one layer of two inputs and one output, leaky
            0,
            0,
            (byte) 0x80,
            0x3f,
            0,
            0,
            0,
            (byte) 0xc0,
            0,
            0,
            0,
            0x3f // 1, -2 and 0.5
        };
        assertArrayEquals(expected, Arrays.copyOf(bytes, expected.length));
        assertEquals(expected.length + 4, bytes.length);
    }

    @Test
    void anyDamageIsNoticed() {
        byte[] bytes = network(new Random(1), 3, 2, 2).toBytes();
        for (int at = 0; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 4;
            assertThrows(IllegalArgumentException.class, () -> DenseNetwork.of(damaged), "byte " + at);
            byte[] cut = Arrays.copyOf(bytes, at);
            assertThrows(IllegalArgumentException.class, () -> DenseNetwork.of(cut), at + " bytes");
        }
        assertThrows(IllegalArgumentException.class, () -> DenseNetwork.of(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    @Test
    void saysWhatIsWrongWithBytes() {
        byte[] bytes = network(new Random(1), 3, 2, 2).toBytes();
        byte[] changed = bytes.clone();
        changed[30] ^= 1;
        assertFailure("a network that is damaged: its checksum differs", () -> DenseNetwork.of(changed));
        assertFailure("it is not a network: it does not begin with ELDN", () -> DenseNetwork.of(new byte[100]));
        assertFailure("it is not a network: it does not begin with ELDN", () -> DenseNetwork.of(new byte[0]));
        byte[] newer = bytes.clone();
        newer[4] = 2;
        assertFailure("a network of version 2, and this software reads version 1", () -> DenseNetwork.of(newer));
    }

    @Test
    void countsThatLieAreNoticedBeforeMemoryIsAskedFor() {
        byte[] layers = {-1, -1, -1, 127};
        assertFailure(
                "a count of 2147483647 where 0 bytes follow",
                () -> DenseNetwork.of(SealedBytes.seal("ELDN", 1, layers)));
        byte[] empty = new byte[4];
        assertFailure("a network has at least one layer", () -> DenseNetwork.of(SealedBytes.seal("ELDN", 1, empty)));
    }

    @Test
    void arrivesWhereItIsSent() {
        DenseNetwork network = network(new Random(2), 5, 4, 3);
        float[] vector = {1, 2, 3, 4, 5};
        assertArrayEquals(network.apply(vector), Serial.roundTrip(network).apply(vector));
    }

    @Test
    void copiesWhatItIsGivenAndWhatItGives() {
        float[][] columns = {{2}};
        float[] bias = {1};
        DenseLayer layer = new DenseLayer(columns, bias, Activation.NONE);
        DenseNetwork network = new DenseNetwork(new ArrayList<>(List.of(layer)));
        columns[0][0] = 9;
        bias[0] = 9;
        layer.columns()[0][0] = 9;
        layer.bias()[0] = 9;
        float[] vector = {3};
        assertArrayEquals(new float[] {7}, network.apply(vector));
        assertArrayEquals(new float[] {3}, vector);
    }

    @Test
    void refusesPartsThatDoNotFit() {
        DenseLayer twoToOne = new DenseLayer(new float[2][1], new float[1], Activation.NONE);
        assertFailure("a network has at least one layer", () -> new DenseNetwork(List.of()));
        assertFailure(
                "layer 1 takes 2 values, and the one before gives 1",
                () -> new DenseNetwork(List.of(twoToOne, twoToOne)));
        assertFailure(
                "a layer with 3 weights at input 0 and 1 biases",
                () -> new DenseLayer(new float[2][3], new float[1], Activation.NONE));
        assertFailure(
                "a layer has at least one input and one output: 0 and 1",
                () -> new DenseLayer(new float[0][], new float[1], Activation.NONE));
        assertFailure(
                "a layer with a weight that is not finite",
                () -> new DenseLayer(new float[][] {{Float.NaN}}, new float[1], Activation.NONE));
        assertFailure(
                "a vector of 3 values instead of 2", () -> new DenseNetwork(List.of(twoToOne)).apply(new float[3]));
    }

    @Test
    void theFirstLayersAreANetworkToo() {
        DenseNetwork network = network(new Random(3), 4, 3, 2);
        assertEquals(3, network.first(1).outputs());
        assertArrayEquals(network.toBytes(), network.first(2).toBytes());
        assertTrue(network.first(1).toBytes().length < network.toBytes().length);
    }

    private static float[] activated(Activation activation, float[] values) {
        float[][] columns = {values};
        return new DenseNetwork(List.of(new DenseLayer(columns, new float[values.length], activation)))
                .apply(new float[] {1});
    }

    private static double[] plain(DenseNetwork network, float[] vector) {
        double[] values = new double[vector.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = vector[i];
        }
        for (DenseLayer layer : network.layers()) {
            double[] next = new double[layer.outputs()];
            float[][] columns = layer.columns();
            float[] bias = layer.bias();
            for (int k = 0; k < next.length; k++) {
                next[k] = bias[k];
                for (int i = 0; i < values.length; i++) {
                    next[k] += values[i] * columns[i][k];
                }
                next[k] *= next[k] < 0 ? layer.activation().negativeSlope() : 1;
            }
            values = next;
        }
        return values;
    }

    static DenseNetwork network(Random random, int inputs, int hidden, int outputs) {
        return new DenseNetwork(List.of(
                layer(random, inputs, hidden, Activation.LEAKY_RELU), layer(random, hidden, outputs, Activation.NONE)));
    }

    private static DenseLayer layer(Random random, int inputs, int outputs, Activation activation) {
        float[][] columns = new float[inputs][];
        for (int i = 0; i < inputs; i++) {
            columns[i] = floats(random, outputs);
        }
        return new DenseLayer(columns, floats(random, outputs), activation);
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static DenseNetwork absolute(DenseNetwork network) {
        return new DenseNetwork(network.layers().stream()
                .map(layer -> new DenseLayer(
                        Stream.of(layer.columns())
                                .map(DenseNetworkTest::absolute)
                                .toArray(float[][]::new),
                        absolute(layer.bias()),
                        layer.activation()))
                .toList());
    }

    private static float[] absolute(float[] values) {
        float[] sizes = new float[values.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Math.abs(values[i]);
        }
        return sizes;
    }

    private static void assertFailure(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
