package io.embedlake.spark.spool;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Repeats something on its own thread until its owner closes it. Thread-safe. */
record Repeating(ScheduledExecutorService thread) implements AutoCloseable {
    /** Does something after this time, again and again; it should not throw. */
    static Repeating every(Duration time, String name, Runnable what) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, name);
            made.setDaemon(true);
            return made;
        });
        thread.scheduleWithFixedDelay(what, time.toMillis(), time.toMillis(), TimeUnit.MILLISECONDS);
        return new Repeating(thread);
    }

    /** A call in progress is completed: an interrupt could corrupt what it writes. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
