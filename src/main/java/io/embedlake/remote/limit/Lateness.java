package io.embedlake.remote.limit;

import java.time.Duration;

/**
 * How much longer than usual a client's permits should be valid, because it came too late for its last ones: answers take longer than
 * they did, or its machine is busy. Twice as long with each permit that was missed, so that a single pause costs little and a slow network
 * starves nobody; a little less with each that was used. Not thread-safe: confined to its client.
 */
final class Lateness {
    private static final int DECAY = 8;

    private final long leastNanos;
    private long nanos;

    /**
     * Not late yet.
     *
     * @param least what the first missed permit adds
     */
    Lateness(Duration least) {
        this.leastNanos = least.toNanos();
    }

    /** A permit had ended when it was looked at, this long after its beginning. */
    void missed(long byNanos) {
        nanos = Math.min(byNanos, Math.max(leastNanos, 2 * nanos));
    }

    /** A permit was used. */
    void used() {
        nanos -= nanos / DECAY;
    }

    /** How much longer permits should be valid. */
    long nanos() {
        return nanos;
    }
}
