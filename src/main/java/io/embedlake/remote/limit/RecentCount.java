package io.embedlake.remote.limit;

import java.util.ArrayDeque;
import java.util.Deque;

/** Counts events in a sliding window. Not thread-safe: guarded by the rate limiter. */
final class RecentCount {
    private final long spanNanos;
    private final Deque<Long> moments = new ArrayDeque<>();

    RecentCount(long spanNanos) {
        this.spanNanos = spanNanos;
    }

    void add(long nowNanos) {
        forget(nowNanos);
        moments.addLast(nowNanos);
    }

    /** How many there were. */
    int count(long nowNanos) {
        forget(nowNanos);
        return moments.size();
    }

    /** How many there would be in a minute at the pace of the last while, which is at least a second long. */
    long aMinute(long nowNanos) {
        forget(nowNanos);
        if (moments.isEmpty()) {
            return 0;
        }
        long since = Math.max(1_000_000_000L, nowNanos - moments.peekFirst());
        return moments.size() * 60_000_000_000L / since;
    }

    private void forget(long nowNanos) {
        while (!moments.isEmpty() && moments.peekFirst() < nowNanos - spanNanos) {
            moments.removeFirst();
        }
    }
}
