package io.embedlake.remote.limit;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** An event loop in real time, on its own daemon thread. Thread-safe; closed by its owner, which drops the tasks left. */
public final class EventLoopThread implements EventLoop, AutoCloseable {
    private final ScheduledThreadPoolExecutor thread;

    /** An event loop without tasks. */
    public EventLoopThread(String name) {
        thread = new ScheduledThreadPoolExecutor(1, work -> {
            Thread made = new Thread(work, name);
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void at(long nanos, Runnable what) {
        try {
            thread.schedule(what, Math.max(0, nanos - nanos()), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            if (!thread.isShutdown()) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
