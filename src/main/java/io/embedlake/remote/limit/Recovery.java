package io.embedlake.remote.limit;

import java.util.OptionalLong;

/**
 * What part of the limits is used: less after each refusal, by half where all calls are refused and hardly where few are, then a little
 * more each second. Not thread-safe: guarded by the rate limiter.
 *
 * <p>Where no limit is known, the first refusal sets one to the rate until then, and later the part grows beyond it.
 */
final class Recovery {
    private static final double LEAST = 1.0 / 64;
    private static final double MOST_LESS = 0.5;
    private static final double MORE_A_SECOND = 0.05;
    /** Of a limit that is a guess, which may be far too low. */
    private static final double GROWTH_A_SECOND = 0.05;

    private double factorThen = 1;
    private long thenNanos;
    private long lastRefusalNanos = Long.MIN_VALUE;
    private OptionalLong found = OptionalLong.empty();

    /**
     * A call was refused.
     *
     * @param sentNanos from when on it was allowed: refusals of calls from before the last one say nothing new
     * @param resumeNanos when sending goes on
     * @param hasLimit whether there is a limit to use a part of
     * @param requestsAMinute how fast calls went
     * @param share what part of the calls of the last while was refused
     */
    void refused(
            long nowNanos, long sentNanos, long resumeNanos, boolean hasLimit, long requestsAMinute, double share) {
        if (sentNanos <= lastRefusalNanos) {
            thenNanos = Math.max(thenNanos, resumeNanos);
            return;
        }
        double before = factor(nowNanos);
        if (!hasLimit && found.isEmpty()) {
            found = OptionalLong.of(Math.max(1, requestsAMinute));
        }
        factorThen = Math.max(LEAST, before * (1 - MOST_LESS * Math.min(1, share)));
        thenNanos = Math.max(nowNanos, resumeNanos);
        lastRefusalNanos = nowNanos;
    }

    /** What part of the limits may be used. */
    double factor(long nowNanos) {
        double seconds = Math.max(0, nowNanos - thenNanos) / 1e9;
        double grown = factorThen + MORE_A_SECOND * seconds;
        return found.isEmpty() ? Math.min(1, grown) : grown * Math.pow(1 + GROWTH_A_SECOND, seconds);
    }

    /** The limit of requests that was inferred, where none was known. */
    Limits found() {
        return new Limits(found, OptionalLong.empty(), OptionalLong.empty());
    }
}
