package io.embedlake.remote.limit;

import java.util.List;

/**
 * The rate limiter's answer to a client. All times are of the rate limiter's clock. Immutable.
 *
 * @param nowNanos when the rate limiter answered
 * @param permits for the first of the requested costs, in time order
 * @param pausedUntilNanos permits that begin before are void, also those that were given earlier
 * @param againNanos when to ask for the rest
 * @param isSpent whether the rest is denied, because it would exceed the budget
 */
public record Lease(long nowNanos, List<Permit> permits, long pausedUntilNanos, long againNanos, boolean isSpent) {
    public Lease {
        permits = List.copyOf(permits);
    }
}
