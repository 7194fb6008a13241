package io.embedlake.spark.job;

import io.embedlake.spark.run.LogNames;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs something once a second on its own thread, which logs as its creator does, until that closes it. Thread-safe. */
final class ProgressTicker implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "embedlake-progress");
        thread.setDaemon(true);
        return thread;
    });

    ProgressTicker(Runnable tick) {
        Runnable named = LogNames.here().wrap(tick);
        timer.scheduleAtFixedRate(named, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
