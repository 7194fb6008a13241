package io.embedlake.remote.limit;

import java.time.Duration;

/**
 * How far the rate limiter's clock is ahead of this one: between two bounds, narrowed with every answer, widened with time as clocks drift
 * apart. The bounds are never guessed: a slow way there or back only makes them wide. Not thread-safe: confined to its client.
 */
final class ClockOffset {
    private static final double DRIFT = 1e-4;
    /** The first answer is often the slowest; after some the network is known to be no faster. */
    private static final int TRIES = 3;

    private final long nearNanos;
    private int answers;
    private long low;
    private long high;
    private long knownNanos;

    /**
     * An unknown offset.
     *
     * @param near bounds so close together need no further answers before they are used
     */
    ClockOffset(Duration near) {
        this.nearNanos = near.toNanos();
    }

    /** An answer given at a time of the rate limiter's clock, between two times of this one. */
    void answered(long askedNanos, long answeredNanos, long limiterNanos) {
        long least = limiterNanos - answeredNanos;
        long most = limiterNanos - askedNanos;
        if (answers > 0 && low(answeredNanos) <= most && high(answeredNanos) >= least) {
            low = Math.max(low(answeredNanos), least);
            high = Math.min(high(answeredNanos), most);
            answers++;
        } else {
            low = least;
            high = most;
            answers = 1;
        }
        knownNanos = answeredNanos;
    }

    /** Whether another answer is likely to bring the bounds much closer together. */
    boolean isVague(long nanos) {
        return answers == 0 || (answers < TRIES && doubtNanos(nanos) > nearNanos);
    }

    /** How far the bounds are apart. */
    long doubtNanos(long nanos) {
        return high(nanos) - low(nanos);
    }

    /** A time of the rate limiter's clock that has certainly come at this one. */
    long surelyPast(long nanos) {
        return nanos + low(nanos);
    }

    /** A time of the rate limiter's clock that has certainly not passed at this one. */
    long surelyNotPast(long nanos) {
        return nanos + high(nanos);
    }

    /** The time of this clock from which on a time of the rate limiter's has certainly come. */
    long here(long limiterNanos) {
        long known = limiterNanos - low - knownNanos;
        return knownNanos + (known <= 0 ? known : (long) Math.ceil(known / (1 - DRIFT)));
    }

    private long low(long nanos) {
        return low - drift(nanos);
    }

    private long high(long nanos) {
        return high + drift(nanos);
    }

    private long drift(long nanos) {
        return answers == 0 ? 0 : (long) (DRIFT * Math.max(0, nanos - knownNanos));
    }
}
