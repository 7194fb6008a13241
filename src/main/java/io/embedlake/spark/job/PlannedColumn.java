package io.embedlake.spark.job;

import io.embedlake.pipeline.WorkPlan;

/**
 * A vector column and what is left to do for it. Immutable.
 *
 * @param column the column
 * @param counts its rows and texts, and which of them the store knew
 */
record PlannedColumn(JobColumn column, WorkPlan.Counts counts) {
    /** The same with a more complete spec. */
    PlannedColumn with(JobColumn more) {
        return new PlannedColumn(more, counts);
    }
}
