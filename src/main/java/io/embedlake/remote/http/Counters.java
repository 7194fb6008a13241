package io.embedlake.remote.http;

import java.util.concurrent.atomic.LongAdder;

/** Counts while a client works. Thread-safe. */
final class Counters {
    final LongAdder sent = new LongAdder();
    final LongAdder needed = new LongAdder();
    final LongAdder waits = new LongAdder();

    ClientCounts counts() {
        return new ClientCounts(sent.sum(), needed.sum(), waits.sum());
    }
}
