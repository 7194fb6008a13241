package io.embedlake.config;

import java.time.Duration;

/**
 * How much a job embeds before it saves what it has: a crash loses no more than that. Immutable.
 *
 * @param rows the most rows of a wave
 * @param duration the time that a wave should take
 */
public record WaveLimits(long rows, Duration duration) {
    public WaveLimits {
        if (rows < 1) {
            throw new IllegalArgumentException("a wave has at least one row: " + rows);
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("a wave takes time: " + duration);
        }
    }
}
