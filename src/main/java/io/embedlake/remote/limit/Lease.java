package io.embedlake.remote.limit;

import java.util.List;

/**
 * What the rate limiter lets a client send. All times are of the rate limiter's clock. Immutable.
 *
 * @param nowNanos when the rate limiter answered
 * @param permits for the first of the costs that were asked for, in time order
 * @param pausedUntilNanos permits that begin before are void, also those that were given earlier
 * @param againNanos when to ask for the rest
 * @param isSpent whether there is no rest: it would cost more than may be spent
 */
public record Lease(long nowNanos, List<Permit> permits, long pausedUntilNanos, long againNanos, boolean isSpent) {
    public Lease {
        permits = List.copyOf(permits);
    }
}
