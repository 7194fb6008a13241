package io.embedlake.spark.job;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs something once a second on its own thread, until its creator closes it. Thread-safe. */
final class ProgressTicker implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "embedlake-progress");
        thread.setDaemon(true);
        return thread;
    });

    ProgressTicker(Runnable tick) {
        timer.scheduleAtFixedRate(tick, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
