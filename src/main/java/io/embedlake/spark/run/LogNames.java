package io.embedlake.spark.run;

import java.util.Map;
import java.util.Optional;
import org.slf4j.MDC;

/**
 * What structured logs name beside each message of a thread: the job and the run that it works for. Confined to the thread that opened it, which
 * closes it.
 */
public final class LogNames implements AutoCloseable {
    /** The keys, as a layout for logs finds them. */
    public static final String JOB = "embedlake.job";

    public static final String RUN = "embedlake.run";

    private final Map<String, String> before;

    private LogNames(Map<String, String> before) {
        this.before = before;
    }

    /** From now on this thread works for a run of a job. */
    public static LogNames of(String job, String run) {
        LogNames names = here();
        MDC.put(JOB, job);
        MDC.put(RUN, run);
        return names;
    }

    /** What this thread works for now. */
    public static LogNames here() {
        return new LogNames(Optional.ofNullable(MDC.getCopyOfContextMap()).orElseGet(Map::of));
    }

    /** The same work under these names, on another thread. */
    public Runnable wrap(Runnable work) {
        return () -> {
            MDC.setContextMap(before);
            work.run();
        };
    }

    @Override
    public void close() {
        MDC.setContextMap(before);
    }
}
