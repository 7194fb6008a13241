package io.embedlake.remote.limit;

import java.time.Duration;

/** Adds up what the rate limiter answers the clients of a run. Thread-safe. */
public final class TrafficMeter {
    private long calls;
    private long pausedNanos;
    private long countedUntilNanos = Long.MIN_VALUE;

    /** A meter that has seen nothing. */
    public TrafficMeter() {}

    /** Counts an answer; a pause that many clients are told of counts once. */
    public synchronized void answered(Lease lease) {
        calls += lease.permits().size();
        long from = Math.max(lease.nowNanos(), countedUntilNanos);
        if (lease.pausedUntilNanos() > from) {
            pausedNanos += lease.pausedUntilNanos() - from;
            countedUntilNanos = lease.pausedUntilNanos();
        }
    }

    /** What was counted so far. */
    public synchronized Traffic traffic() {
        return new Traffic(calls, Duration.ofNanos(pausedNanos));
    }
}
