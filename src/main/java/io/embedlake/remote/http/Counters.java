package io.embedlake.remote.http;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts while a client works. Thread-safe. */
final class Counters {
    final LongAdder sent = new LongAdder();
    final LongAdder needed = new LongAdder();
    final LongAdder inputs = new LongAdder();
    final LongAdder tokens = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder splits = new LongAdder();
    private final LongAdder waits = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();

    void waits(Duration wait) {
        waits.increment();
        waitedNanos.add(wait.toNanos());
    }

    ClientCounts counts() {
        return new ClientCounts(
                sent.sum(),
                needed.sum(),
                inputs.sum(),
                tokens.sum(),
                refused.sum(),
                waits.sum(),
                Duration.ofNanos(waitedNanos.sum()),
                splits.sum());
    }
}
