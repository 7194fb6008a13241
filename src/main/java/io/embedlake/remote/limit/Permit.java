package io.embedlake.remote.limit;

import java.util.Objects;

/**
 * Permission to send one call between two times of the rate limiter's clock. Immutable.
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
