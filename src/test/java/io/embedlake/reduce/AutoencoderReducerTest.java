package io.embedlake.reduce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.testing.Serial;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AutoencoderReducerTest {
    /** Keeps the first of two values in a vector of one, and gives it back beside the mean of the other. */
    private static final AutoencoderReducer FIRST_VALUE = new AutoencoderReducer(
            new NetworkReducer(
                    new Standardization(new float[] {10, 20}, 2),
                    new DenseNetwork(
                            List.of(new DenseLayer(new float[][] {{1}, {0}}, new float[] {0}, Activation.NONE)))),
            new DenseNetwork(List.of(new DenseLayer(new float[][] {{1, 0}}, new float[2], Activation.NONE))));

    @Test
    void standardisesAndGivesTheNarrowMiddle() {
        assertArrayEquals(new float[] {1.5f}, FIRST_VALUE.reduce(new float[] {13, 99}));
        assertEquals(2, FIRST_VALUE.encoder().inputDimensions());
        assertEquals(1, FIRST_VALUE.encoder().dimensions());
    }

    @Test
    void givesBackWhatItKept() {
        assertArrayEquals(new float[] {13, 20}, FIRST_VALUE.reconstruct(new float[] {13, 99}));
    }

    @Test
    void bytesHoldAllOfIt() {
        AutoencoderReducer reducer = random();
        AutoencoderReducer read = AutoencoderReducer.of(reducer.toBytes());
        float[] vector = {1, -2, 3};
        assertArrayEquals(reducer.reduce(vector), read.reduce(vector));
        assertArrayEquals(reducer.reconstruct(vector), read.reconstruct(vector));
        assertArrayEquals(reducer.toBytes(), read.toBytes());
        NetworkReducer encoder = NetworkReducer.of(reducer.encoder().toBytes());
        assertArrayEquals(reducer.reduce(vector), encoder.reduce(vector));
    }

    @Test
    void anyDamageIsNoticed() {
        byte[] bytes = random().toBytes();
        for (int at = 0; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 16;
            assertThrows(IllegalArgumentException.class, () -> AutoencoderReducer.of(damaged), "byte " + at);
            byte[] cut = Arrays.copyOf(bytes, at);
            assertThrows(IllegalArgumentException.class, () -> AutoencoderReducer.of(cut), at + " bytes");
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> NetworkReducer.of(bytes),
                "an autoencoder is no reducer with a network");
    }

    @Test
    void arrivesWhereItIsSent() {
        AutoencoderReducer reducer = random();
        float[] vector = {1, -2, 3};
        assertArrayEquals(reducer.reconstruct(vector), Serial.roundTrip(reducer).reconstruct(vector));
    }

    @Test
    void refusesPartsThatDoNotFit() {
        NetworkReducer encoder = random().encoder();
        DenseNetwork back = DenseNetworkTest.network(new Random(1), 2, 4, 5);
        assertEquals(
                "a decoder of 2 to 5 values with an encoder of 3 to 2",
                assertThrows(IllegalArgumentException.class, () -> new AutoencoderReducer(encoder, back))
                        .getMessage());
        Standardization longer = new Standardization(new float[4], 1);
        assertEquals(
                "a network takes 3 values, and its standardization 4",
                assertThrows(IllegalArgumentException.class, () -> new NetworkReducer(longer, encoder.network()))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Standardization(new float[1], 0));
        assertThrows(IllegalArgumentException.class, () -> new Standardization(new float[] {Float.NaN}, 1));
        assertThrows(IllegalArgumentException.class, () -> encoder.reduce(new float[4]));
    }

    @Test
    void aStandardizationHasOneDeviationForAllValues() {
        Standardization standardization =
                Standardization.of(List.of(new float[] {1, 100}, new float[] {3, 100}, new float[] {2, 100}));
        assertArrayEquals(new float[] {2, 100}, standardization.mean());
        assertEquals(Math.sqrt(2 / 6.0), standardization.deviation(), 1e-6);
        float[] vector = {4, 99};
        assertArrayEquals(vector, standardization.undo(standardization.apply(vector)), 1e-5f);
    }

    private static AutoencoderReducer random() {
        Random random = new Random(5);
        return new AutoencoderReducer(
                new NetworkReducer(
                        new Standardization(new float[] {1, 2, 3}, 0.5f), DenseNetworkTest.network(random, 3, 4, 2)),
                DenseNetworkTest.network(random, 2, 4, 3));
    }
}
