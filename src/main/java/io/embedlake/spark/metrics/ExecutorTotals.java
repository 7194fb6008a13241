package io.embedlake.spark.metrics;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.embedlake.spi.Outcome;

/** What this JVM has embedded for jobs and queries, tasks that were repeated included. Thread-safe; one for the JVM. */
public final class ExecutorTotals {
    private static final Counter TEXTS = new Counter();
    private static final Counter REJECTED = new Counter();
    private static final Counter TOKENS = new Counter();
    private static final Counter SPOOL_BYTES = new Counter();

    private ExecutorTotals() {}

    /** Shows them among the metrics of an executor. */
    public static void show(MetricRegistry registry) {
        registry.register("texts_embedded", TEXTS);
        registry.register("texts_rejected", REJECTED);
        registry.register("tokens", TOKENS);
        registry.register("spool_bytes", SPOOL_BYTES);
    }

    /** Counts a text or image. */
    public static void count(Outcome outcome) {
        if (outcome instanceof Outcome.Embedded embedded) {
            TEXTS.inc();
            TOKENS.inc(embedded.tokens());
        } else {
            REJECTED.inc();
        }
    }

    /** Counts bytes that keep what was paid for until its wave is committed. */
    public static void spooled(long bytes) {
        SPOOL_BYTES.inc(bytes);
    }
}
