package io.embedlake.reduce.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import io.embedlake.testing.Serial;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CodebooksTest {
    @Test
    void decodesWhatItEncodesWhateverTheBits() {
        Property.holds(200, random -> {
            Codebooks codebooks = random(random, 1 + random.nextInt(60));
            float[] nearest = new float[codebooks.bits().length];
            for (int i = 0; i < nearest.length; i++) {
                float[] levels = codebooks.levels()[i];
                nearest[i] = levels[random.nextInt(levels.length)];
            }
            byte[] codes = codebooks.encode(nearest);
            assertEquals((Arrays.stream(codebooks.bits()).sum() + 7) / 8, codes.length);
            assertArrayEquals(nearest, codebooks.decode(codes));
        });
    }

    @Test
    void takesTheNearestLevel() {
        Property.holds(100, random -> {
            Codebooks codebooks = random(random, 1 + random.nextInt(20));
            float[] vector = new float[codebooks.bits().length];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) random.nextGaussian() * 300;
            }
            float[] back = codebooks.decode(codebooks.encode(vector));
            for (int i = 0; i < vector.length; i++) {
                double least = Double.MAX_VALUE;
                for (float level : codebooks.levels()[i]) {
                    least = Math.min(least, Math.abs((double) level - vector[i]));
                }
                assertEquals(least, Math.abs((double) back[i] - vector[i]), 1e-4);
            }
        });
    }

    @Test
    void bitsFollowEachOtherFromTheLowest() {
        Codebooks codebooks =
                new Codebooks(new int[] {1, 0, 3}, new float[][] {{-1, 1}, {5}, {0, 1, 2, 3, 4, 5, 6, 7}});
        assertArrayEquals(new byte[] {0b1101}, codebooks.encode(new float[] {2, 0, 6}));
        assertArrayEquals(new float[] {1, 5, 6}, codebooks.decode(new byte[] {0b1101}));
    }

    @Test
    void binaryHasABitForEachDimensionAroundItsMean() {
        Codebooks binary = Codebooks.binary(new float[][] {{1, -10}, {3, -20}, {1, -10}, {3, -20}});
        assertArrayEquals(new int[] {1, 1}, binary.bits());
        assertArrayEquals(new float[][] {{1, 3}, {-20, -10}}, binary.levels());
        assertArrayEquals(new byte[] {0b01}, binary.encode(new float[] {2.5f, -16}));
    }

    @Test
    void packedSpendsItsBitsWhereValuesDiffer() {
        Random random = new Random(1);
        float[][] sample = new float[2000][4];
        for (float[] vector : sample) {
            vector[0] = (float) random.nextGaussian() * 8;
            vector[1] = (float) random.nextGaussian();
            vector[2] = (float) random.nextGaussian() * 0.5f;
            vector[3] = 7;
        }
        Codebooks packed = Codebooks.packed(sample, 1);
        assertArrayEquals(new int[] {5, 2, 1, 0}, packed.bits());
        assertEquals(1, packed.bytes());
        assertArrayEquals(new float[] {7}, packed.levels()[3]);
    }

    @Test
    void levelsComeNearToTheBestOnesForANormalDistribution() {
        Random random = new Random(2);
        float[] values = new float[8192];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        double[] known = {1, 0.3634, 0.1175, 0.03454, 0.009497};
        for (int bits = 0; bits < known.length; bits++) {
            float[] levels = ScalarLevels.fit(values.clone(), 1 << bits);
            double error = 0;
            for (float value : values) {
                double least = Double.MAX_VALUE;
                for (float level : levels) {
                    least = Math.min(least, Math.pow(value - level, 2));
                }
                error += least / values.length;
            }
            assertEquals(1, error / known[bits], 0.06, bits + " bits");
        }
    }

    @Test
    void moreBytesThanTheDimensionsCanUseAreNotTaken() {
        assertEquals(2, Codebooks.packed(new float[][] {{1, 2}, {3, 5}}, 100).bytes());
    }

    @Test
    void refusesWhatDoesNotFit() {
        Codebooks one = new Codebooks(new int[] {1}, new float[][] {{0, 1}});
        assertMessage("2 values instead of 1", () -> one.encode(new float[2]));
        assertMessage("0 codes instead of 1", () -> one.decode(new byte[0]));
        assertMessage("3 levels instead of 2", () -> new Codebooks(new int[] {1}, new float[][] {{0, 1, 2}}));
        assertMessage("a code has between 0 and 8 bits: 9", () -> new Codebooks(new int[] {9}, new float[1][512]));
        assertMessage("levels ascend: 1.0, 0.0", () -> new Codebooks(new int[] {1}, new float[][] {{1, 0}}));
        assertMessage("levels ascend: NaN, 0.0", () -> new Codebooks(new int[] {1}, new float[][] {{Float.NaN, 0}}));
    }

    @Test
    void travelsToExecutors() {
        Codebooks there = Serial.roundTrip(Codebooks.binary(new float[][] {{1}, {3}}));
        assertTrue(there.decode(new byte[] {1})[0] == 3);
    }

    private static void assertMessage(String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static Codebooks random(Random random, int dimensions) {
        int[] bits = random.ints(dimensions, 0, 9).toArray();
        float[][] levels = new float[dimensions][];
        for (int i = 0; i < dimensions; i++) {
            float[] some = new float[1 << bits[i]];
            for (int level = 0; level < some.length; level++) {
                some[level] = 3 * level + random.nextFloat() - 200;
            }
            levels[i] = some;
        }
        return new Codebooks(bits, levels);
    }
}
