package io.embedlake.remote.limit;

import java.time.Duration;

/**
 * How much longer than usual a client's permits should be valid, because it came too late for all of its last ones: answers take longer than
 * they did, or its machine is busy. Longer permits cost the pace of all clients, so a pause alone changes nothing: only a client that used
 * no permit for a while asks for longer ones, twice as long with each that it misses, and a little less with each that it uses. Not
 * thread-safe: confined to its client.
 */
final class Lateness {
    private static final long STARVED_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int DECAY = 8;

    private final long leastNanos;
    private long nanos;
    private boolean isMissing;
    private long missedSinceNanos;

    /**
     * Not late yet.
     *
     * @param least what is too little to ask for
     */
    Lateness(Duration least) {
        this.leastNanos = least.toNanos();
    }

    /**
     * A permit had ended when it was looked at.
     *
     * @param nowNanos the time
     * @param byNanos how long ago it had begun
     */
    void missed(long nowNanos, long byNanos) {
        if (!isMissing) {
            isMissing = true;
            missedSinceNanos = nowNanos;
        }
        if (nanos > 0 || nowNanos - missedSinceNanos >= STARVED_NANOS) {
            nanos = Math.min(byNanos, Math.max(leastNanos, 2 * nanos));
        }
    }

    /** A permit was used. */
    void used() {
        isMissing = false;
        nanos -= nanos / DECAY;
        if (nanos < leastNanos) {
            nanos = 0;
        }
    }

    /** How much longer permits should be valid. */
    long nanos() {
        return nanos;
    }
}
