package io.embedlake.remote.limit;

import java.util.List;

/**
 * What the authority lets a holder send. All times are of the authority's clock. Immutable.
 *
 * @param nowNanos when the authority answered
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
