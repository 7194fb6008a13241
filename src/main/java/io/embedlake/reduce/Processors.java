package io.embedlake.reduce;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Supplier;

/**
 * The threads on which parallel streams compute. On a caller's own fork-join pool, a thread that has taken a part of a stream may go on with
 * one of the caller's tasks before it ends the part, and the stream waits for that task, however long it lasts. Thread-safe.
 */
public final class Processors {
    private static final ForkJoinPool POOL = new ForkJoinPool();

    private Processors() {}

    /** What a computation gives whose parallel streams use all processors. Its exceptions and errors are thrown here. */
    public static <T> T use(Supplier<T> computation) {
        if (ForkJoinTask.getPool() == POOL) {
            return computation.get();
        }
        try {
            return CompletableFuture.supplyAsync(computation, POOL).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException problem ? problem : e;
        }
    }

    /** As {@link #use}, for a computation that gives nothing. */
    public static void run(Runnable computation) {
        use(() -> {
            computation.run();
            return null;
        });
    }
}
