package io.embedlake.spark.job;

import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.PassingObserver;
import org.apache.spark.SparkContext;

/**
 * Names the queries and jobs of Spark after the step of the job that starts them, so that its UI reads like the job's own
 * output. It also spares Spark the search of the call stack for a name of each data set, a tenth of a small job's time.
 * Confined to the job's thread but for what it only passes on.
 */
public record PhaseLabels(SparkContext context, JobObserver observer) implements PassingObserver, AutoCloseable {
    /** Local properties of a context; of the last two Spark makes the names that it shows (its class CallSite). */
    private static final String DESCRIPTION = "spark.job.description";

    private static final String SHORT_NAME = "callSite.short";
    private static final String LONG_NAME = "callSite.long";

    @Override
    public void phase(String what) {
        label(what);
        observer.phase(what);
    }

    @Override
    public void close() {
        label(null);
    }

    private void label(String name) {
        context.setLocalProperty(DESCRIPTION, name);
        context.setLocalProperty(SHORT_NAME, name);
        context.setLocalProperty(LONG_NAME, name);
    }
}
