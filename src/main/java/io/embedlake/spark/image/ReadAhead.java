package io.embedlake.spark.image;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** The threads of a JVM that read files while others compute: object stores answer slowly, and many at once. Stateless. */
final class ReadAhead {
    private static final int THREADS = 16;

    private static final Executor POOL = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "embedlake-read");
        thread.setDaemon(true);
        return thread;
    });

    private ReadAhead() {}

    static <T> CompletableFuture<T> start(Supplier<T> read) {
        return CompletableFuture.supplyAsync(read, POOL);
    }
}
