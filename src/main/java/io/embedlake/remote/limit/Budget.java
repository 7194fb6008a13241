package io.embedlake.remote.limit;

import java.util.OptionalLong;

/** How many tokens a run may still be charged for; permits count as charged until their clients report otherwise. Thread-safe. */
public final class Budget {
    private OptionalLong left = OptionalLong.empty();

    /** A budget without a limit. */
    public Budget() {}

    /** Sets how many tokens may be charged for from now on; without a number, any. */
    public synchronized void allow(OptionalLong tokens) {
        left = tokens;
    }

    /** Whether a call may be made. */
    synchronized boolean affords(Cost cost) {
        return left.isEmpty() || cost.tokens() <= left.getAsLong();
    }

    /** Takes tokens; a negative number returns them. */
    synchronized void spend(long tokens) {
        if (left.isPresent()) {
            left = OptionalLong.of(left.getAsLong() - tokens);
        }
    }
}
