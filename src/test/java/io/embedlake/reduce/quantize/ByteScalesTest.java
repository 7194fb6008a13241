package io.embedlake.reduce.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import io.embedlake.testing.Serial;
import org.junit.jupiter.api.Test;

class ByteScalesTest {
    @Test
    void theLargestValueOfADimensionGetsTheLargestCode() {
        ByteScales scales = ByteScales.fit(new float[][] {{1, -4, 0}, {-2, 1, 0}});
        assertArrayEquals(new byte[] {64, -127, 0}, scales.encode(new float[] {1, -4, 0}));
        assertArrayEquals(new byte[] {-127, 32, 0}, scales.encode(new float[] {-2, 1, 0}));
    }

    @Test
    void aValueThatIsRoundedIsHalfAStepOffAtMost() {
        Property.holds(50, random -> {
            float[][] sample = new float[20][1 + random.nextInt(40)];
            for (float[] vector : sample) {
                for (int i = 0; i < vector.length; i++) {
                    vector[i] = (float) (random.nextGaussian() * Math.pow(10, i % 7 - 3));
                }
            }
            ByteScales scales = ByteScales.fit(sample);
            for (float[] vector : sample) {
                float[] back = scales.decode(scales.encode(vector));
                for (int i = 0; i < vector.length; i++) {
                    assertEquals(vector[i], back[i], scales.scales()[i] * 0.50001f);
                }
            }
        });
    }

    @Test
    void whatTheCalibrationHasNotSeenIsCutAndDoesNotWrap() {
        ByteScales scales = new ByteScales(new float[] {1, 1, 0});
        assertArrayEquals(new byte[] {127, -127, 0}, scales.encode(new float[] {1e30f, -300, 5}));
    }

    @Test
    void refusesWhatDoesNotFit() {
        ByteScales scales = new ByteScales(new float[] {1, 1});
        assertEquals("3 values instead of 2", message(() -> scales.encode(new float[3])));
        assertEquals("1 codes instead of 2", message(() -> scales.decode(new byte[1])));
        assertTrue(message(() -> new ByteScales(new float[] {Float.NaN})).contains("NaN"));
        assertEquals("1 values instead of 2", message(() -> ByteScales.fit(new float[][] {{1, 2}, {3}})));
    }

    @Test
    void travelsToExecutors() {
        ByteScales there = Serial.roundTrip(new ByteScales(new float[] {0.5f}));
        assertArrayEquals(new float[] {1}, there.decode(new byte[] {2}));
    }

    private static String message(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(IllegalArgumentException.class, call).getMessage();
    }
}
