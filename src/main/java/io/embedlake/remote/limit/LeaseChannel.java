package io.embedlake.remote.limit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** A client's connection to the rate limiter. Thread-safe. */
public interface LeaseChannel {
    /** Sends a request; the stage completes with the answer or the failure. */
    CompletionStage<Lease> exchange(Ask ask);

    /** To a rate limiter in the same JVM, or any function that answers at once. */
    static LeaseChannel direct(Function<Ask, Lease> limiter) {
        return ask -> CompletableFuture.completedFuture(limiter.apply(ask));
    }

    /** By a call that waits for its answer, on another thread. */
    static LeaseChannel blocking(Function<Ask, Lease> call, Executor threads) {
        return ask -> CompletableFuture.supplyAsync(() -> call.apply(ask), threads);
    }
}
