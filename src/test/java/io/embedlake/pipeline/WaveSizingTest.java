package io.embedlake.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaveSizingTest {
    private static final int CASES = 20_000;
    private static final int MAX_PARTITIONS = 20_000;

    @Test
    void thereIsAlwaysAPartition() {
        Property.holds(CASES, random -> {
            WaveSizing sizing = sizing(random);
            assertTrue(sizing.partitions() >= 1 && sizing.partitions() <= MAX_PARTITIONS, sizing.toString());
        });
    }

    @Test
    void wavesCoverAllPartitionsAndNoneIsEmpty() {
        Property.holds(CASES, random -> {
            WaveSizing sizing = sizing(random);
            long covered = (long) sizing.waves() * sizing.firstWave();
            if (sizing.texts() > 0) {
                assertTrue(covered >= sizing.partitions(), sizing.toString());
                assertTrue(covered - sizing.firstWave() < sizing.partitions(), sizing.toString());
            }
        });
    }

    @Test
    void aWaveHoldsNoMoreTextsThanItMayUnlessItIsASinglePartition() {
        Property.holds(CASES, random -> {
            WaveSizing sizing = sizing(random);
            double textsOfPartition = (double) sizing.texts() / sizing.partitions();
            for (int wave : new int[] {sizing.firstWave(), sizing.nextWave(speed(random))}) {
                assertTrue(wave == 1 || wave * textsOfPartition <= sizing.waveTexts() + 1e-6, sizing.toString());
            }
            assertTrue(
                    sizing.partitions() == MAX_PARTITIONS || textsOfPartition <= sizing.waveTexts() + 1e-6,
                    sizing.toString());
        });
    }

    @Test
    void aSlowerWaveIsFollowedByOneThatIsNotLargerAndNeverEmpty() {
        Property.holds(CASES, random -> {
            WaveSizing sizing = sizing(random);
            double one = speed(random);
            double other = speed(random);
            int slow = sizing.nextWave(Math.min(one, other));
            int fast = sizing.nextWave(Math.max(one, other));
            assertTrue(1 <= slow && slow <= fast && fast <= sizing.partitions(), sizing.toString());
        });
    }

    @Test
    void wavesFillTheSlotsWhenTheyHoldMorePartitionsThanSlots() {
        Property.holds(CASES, random -> {
            WaveSizing sizing = sizing(random);
            int wave = sizing.nextWave(speed(random));
            assertTrue(
                    wave <= sizing.slots() || wave == sizing.partitions() || wave % sizing.slots() == 0,
                    sizing.toString());
        });
    }

    @Test
    void aJobThatFitsOneWaveIsOneWave() {
        WaveSizing sizing = new WaveSizing(10_000, 2, 100_000, Duration.ofSeconds(60), 1_000);
        assertEquals(8, sizing.partitions());
        assertEquals(8, sizing.firstWave());
        assertEquals(1, sizing.waves());
    }

    @Test
    void partitionsOfLessThanASecondAreNotCutSmaller() {
        assertEquals(2, new WaveSizing(10_000, 2, 100_000, Duration.ofSeconds(60), 100_000).partitions());
        assertEquals(4, new WaveSizing(10_000, 2, 100_000, Duration.ofSeconds(60), 5_000).partitions());
        assertEquals(8, new WaveSizing(10_000, 2, 100_000, Duration.ofSeconds(60), 2_500).partitions());
    }

    @Test
    void aSlowModelGetsSmallerWaves() {
        WaveSizing sizing = new WaveSizing(100_000, 2, 100_000, Duration.ofSeconds(60), 100);
        assertTrue(sizing.nextWave(10) < sizing.firstWave());
        assertEquals(1, sizing.nextWave(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "NaN"})
    void aSpeedThatCannotBeTrueIsNotBelieved(double speed) {
        WaveSizing sizing = new WaveSizing(100_000, 2, 100_000, Duration.ofSeconds(60), 100);
        assertEquals(sizing.firstWave(), sizing.nextWave(speed));
    }

    @Test
    void nothingToEmbedIsNoWave() {
        WaveSizing sizing = new WaveSizing(0, 4, 1_000, Duration.ofSeconds(60), 100);
        assertEquals(1, sizing.partitions());
        assertEquals(0, sizing.waves());
        assertEquals(1, sizing.firstWave());
    }

    @ParameterizedTest
    @CsvSource({"-1, 1, 1, 1", "1, 0, 1, 1", "1, 1, 0, 1", "1, 1, 1, 0", "1, 1, 1, NaN"})
    void refusesNumbersThatMakeNoSense(long texts, int slots, long waveTexts, double speed) {
        IllegalArgumentException failure = assertThrows(
                IllegalArgumentException.class,
                () -> new WaveSizing(texts, slots, waveTexts, Duration.ofSeconds(1), speed));
        assertEquals("a wave needs slots, texts and a speed", failure.getMessage());
    }

    private static WaveSizing sizing(Random random) {
        return new WaveSizing(
                (long) Math.pow(10, random.nextDouble() * 9) - 1,
                1 + random.nextInt(random.nextBoolean() ? 8 : 1_000),
                1 + (long) Math.pow(10, random.nextDouble() * 7),
                Duration.ofSeconds(1 + random.nextInt(600)),
                speed(random));
    }

    private static double speed(Random random) {
        return Math.pow(10, random.nextDouble() * 9 - 3);
    }
}
