package io.embedlake.remote.limit;

import java.util.Objects;

/**
 * The right to send one call between two moments of the rate limiter's clock, and at no other time. Immutable.
 *
 * @param fromNanos not before
 * @param untilNanos not after
 * @param cost what the call may take at most
 */
public record Permit(long fromNanos, long untilNanos, Cost cost) {
    public Permit {
        Objects.requireNonNull(cost);
    }
}
