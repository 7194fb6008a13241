package io.embedlake.fake.service;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** The sum of what was added within the last so much time, and the most that it ever was. Confined to one thread at a time. */
final class SlidingSum {
    private record Entry(long nanos, long amount) {}

    private final long windowNanos;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long sum;
    private long most;

    SlidingSum(Duration window) {
        windowNanos = window.toNanos();
    }

    void add(long nanos, long amount) {
        sum(nanos);
        entries.addLast(new Entry(nanos, amount));
        sum += amount;
        most = Math.max(most, sum);
    }

    long sum(long nanos) {
        while (!entries.isEmpty() && nanos - entries.peekFirst().nanos() >= windowNanos) {
            sum -= entries.removeFirst().amount();
        }
        return sum;
    }

    long most() {
        return most;
    }

    /** In how long the sum will be at most this much, if nothing is added. */
    Duration until(long nanos, long amount) {
        long left = sum(nanos);
        long wait = 0;
        for (Entry entry : entries) {
            if (left <= amount) {
                break;
            }
            left -= entry.amount();
            wait = entry.nanos() + windowNanos - nanos;
        }
        return Duration.ofNanos(wait);
    }
}
