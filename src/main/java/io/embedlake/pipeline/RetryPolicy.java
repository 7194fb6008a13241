package io.embedlake.pipeline;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How often a call that failed is made again, and after what wait: the wait doubles each time. Immutable; as thread-safe as
 * its sleeper.
 *
 * @param transientRetries how often a {@link ErrorKind#TRANSIENT} failure is tried again
 * @param firstWait the wait before the first of them
 * @param sleeper what waits
 */
public record RetryPolicy(int transientRetries, Duration firstWait, Sleeper sleeper) {
    private static final int PROTOCOL_RETRIES = 1;

    /** Waits; handed in, so that tests need not. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration wait);
    }

    /** For computations on this machine, where waiting helps nothing: a doubtful answer is computed once more. */
    public static RetryPolicy local() {
        return new RetryPolicy(0, Duration.ZERO, wait -> {});
    }

    /** Runs the call until it succeeds or its last failure may not be retried. */
    <T> T run(Supplier<T> call) {
        Duration wait = firstWait;
        for (int attempt = 0; ; attempt++) {
            try {
                return call.get();
            } catch (EmbedlakeException e) {
                if (attempt >= retries(e.kind())) {
                    throw e;
                }
                sleeper.sleep(wait);
                wait = wait.multipliedBy(2);
            }
        }
    }

    private int retries(ErrorKind kind) {
        return switch (kind) {
            case TRANSIENT, THROTTLED -> transientRetries;
            case PROTOCOL -> PROTOCOL_RETRIES;
            case INVALID_INPUT, CONFIGURATION, STORAGE, EXHAUSTED -> 0;
        };
    }
}
