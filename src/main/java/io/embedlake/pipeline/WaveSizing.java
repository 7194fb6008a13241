package io.embedlake.pipeline;

import java.time.Duration;

/**
 * Decides how the texts to embed are cut into partitions, and how many partitions make the next wave: as many as fit the time
 * that a wave should take at the speed seen so far, never more texts than a wave may hold. Immutable.
 *
 * @param texts how many texts there are to embed
 * @param slots how many tasks may run at once, with all executors that may come
 * @param waveTexts the most texts of a wave
 * @param waveTime the time that a wave should take
 * @param assumedTextsPerSecond the speed of all tasks that run now, before any wave has measured it
 */
public record WaveSizing(long texts, int slots, long waveTexts, Duration waveTime, double assumedTextsPerSecond) {
    /** A slot that gets several partitions a wave is not left idle by a slow neighbour. */
    private static final int PARTITIONS_PER_SLOT = 4;

    /** A shorter partition ends before a neighbour is slow, and still makes a file of its own. */
    private static final double MIN_PARTITION_SECONDS = 1;

    private static final int MAX_PARTITIONS = 20_000;
    private static final long MIN_PARTITION_TEXTS = 64;

    public WaveSizing {
        if (texts < 0 || slots < 1 || waveTexts < 1 || !(assumedTextsPerSecond > 0)) {
            throw new IllegalArgumentException("a wave needs slots, texts and a speed");
        }
    }

    /** How many partitions the texts are cut into, at least 1. */
    public int partitions() {
        long byWaves = ceil(texts, textsOfWave(assumedTextsPerSecond)) * slots * partitionsPerSlot();
        long byTexts = ceil(texts, Math.min(MIN_PARTITION_TEXTS, waveTexts));
        return (int) Math.max(1, Math.min(Math.min(byWaves, byTexts), MAX_PARTITIONS));
    }

    private long partitionsPerSlot() {
        double secondsOfWave = Math.min(texts, textsOfWave(assumedTextsPerSecond)) / assumedTextsPerSecond;
        return Math.max(1, Math.min(PARTITIONS_PER_SLOT, (long) (secondsOfWave / MIN_PARTITION_SECONDS)));
    }

    /** How many partitions the first wave takes. */
    public int firstWave() {
        return wave(assumedTextsPerSecond);
    }

    /** How many partitions the next wave takes, after a wave ran at this speed. */
    public int nextWave(double measuredTextsPerSecond) {
        return wave(measuredTextsPerSecond > 0 ? measuredTextsPerSecond : assumedTextsPerSecond);
    }

    /** How many waves there will be at the assumed speed. */
    public int waves() {
        return texts == 0 ? 0 : (int) ceil(partitions(), firstWave());
    }

    private int wave(double textsPerSecond) {
        double textsOfPartition = Math.max(1, (double) texts / partitions());
        long partitions = (long) (textsOfWave(textsPerSecond) / textsOfPartition);
        long fullSlots = Math.max(1, partitions / slots * slots);
        return (int) Math.min(Math.max(1, partitions < slots ? partitions : fullSlots), partitions());
    }

    private long textsOfWave(double textsPerSecond) {
        return Math.max(1, Math.min(waveTexts, (long) (textsPerSecond * waveTime.toSeconds())));
    }

    private static long ceil(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
