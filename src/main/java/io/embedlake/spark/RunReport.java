package io.embedlake.spark;

import io.embedlake.spark.store.RunRecord;

/**
 * How a run ended. Immutable.
 *
 * @param run what it did
 * @param maxErrorRate the share of texts that may be rejected
 */
public record RunReport(RunRecord run, double maxErrorRate) {
    /** The share of the distinct texts that got no vector, of the worst column. */
    public double errorRate() {
        return run.columns().stream()
                .filter(column -> column.distinct() > 0)
                .mapToDouble(column -> (double) column.rejected() / column.distinct())
                .max()
                .orElse(0);
    }

    /** Whether more was rejected than the job allows. */
    public boolean tooManyRejected() {
        return errorRate() > maxErrorRate;
    }
}
