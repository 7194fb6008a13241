package io.embedlake.remote.limit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** How a client reaches the rate limiter. Thread-safe. */
public interface LeaseChannel {
    /** Asks; the stage ends with the answer, or with whatever kept it from coming. */
    CompletionStage<Lease> exchange(Ask ask);

    /** To a rate limiter in the same JVM, or whatever else answers at once. */
    static LeaseChannel direct(Function<Ask, Lease> limiter) {
        return ask -> CompletableFuture.completedFuture(limiter.apply(ask));
    }

    /** By a call that waits for its answer, on another thread. */
    static LeaseChannel blocking(Function<Ask, Lease> call, Executor threads) {
        return ask -> CompletableFuture.supplyAsync(() -> call.apply(ask), threads);
    }
}
