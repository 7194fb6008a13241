package io.embedlake.remote.limit;

import java.time.Duration;

/**
 * How far the authority's clock is ahead of this one: between two bounds, narrowed with every answer, widened with time as clocks
 * drift apart. Not thread-safe: its holder confines it.
 */
final class ClockOffset {
    private static final double DRIFT = 1e-4;

    private final long mostDoubtNanos;
    private boolean isKnown;
    private long low;
    private long high;
    private long knownNanos;

    /**
     * An offset of which nothing is known.
     *
     * @param mostDoubt where the bounds are further apart, the ways there and back are taken to last about equally long
     */
    ClockOffset(Duration mostDoubt) {
        this.mostDoubtNanos = mostDoubt.toNanos();
    }

    /** An answer that was made at a moment of the authority's clock, between two moments of this one. */
    void answered(long askedNanos, long answeredNanos, long authorityNanos) {
        long least = authorityNanos - answeredNanos;
        long most = authorityNanos - askedNanos;
        long drift = isKnown ? (long) (DRIFT * (answeredNanos - knownNanos)) : 0;
        if (isKnown && low - drift <= most && high + drift >= least) {
            low = Math.max(low - drift, least);
            high = Math.min(high + drift, most);
        } else {
            low = least;
            high = most;
        }
        knownNanos = answeredNanos;
        isKnown = true;
    }

    /** A moment of the authority's clock that has surely come at this one. */
    long surelyPast(long nanos) {
        return nanos + Math.max(low, middle() - mostDoubtNanos / 2);
    }

    /** A moment of the authority's clock that has surely not passed at this one. */
    long surelyNotPast(long nanos) {
        return nanos + Math.min(high, middle() + mostDoubtNanos / 2);
    }

    /** The moment of this clock from which on a moment of the authority's has surely come. */
    long here(long authorityNanos) {
        return authorityNanos - Math.max(low, middle() - mostDoubtNanos / 2);
    }

    private long middle() {
        return low + (high - low) / 2;
    }
}
