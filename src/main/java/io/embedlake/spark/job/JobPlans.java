package io.embedlake.spark.job;

import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.run.JobContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Describes for users what is to be done. Confined to the driver. */
record JobPlans(JobContext context, ColumnReducers reducers, BatchWaves batches) {
    /** What is to be done for columns, of which there is at least one. */
    WorkPlan of(List<PlannedColumn> columns, Look look) {
        return job(
                columns,
                columns.stream().map(column -> column(column, Optional.empty())).toList(),
                look);
    }

    /** The same with the plans of the columns. */
    WorkPlan job(List<PlannedColumn> columns, List<WorkPlan.ColumnPlan> plans, Look look) {
        JobSpec job = context.job();
        WorkPlan.Counts counts = columns.get(0).counts();
        return new WorkPlan(
                job.job(),
                job.source().table().toString(),
                job.target().table().toString(),
                job.target().store().toString(),
                counts.blank() + counts.withText(),
                look.toString(),
                plans);
    }

    /** What is to be done for a column. */
    WorkPlan.ColumnPlan column(PlannedColumn planned, Optional<WorkPlan.TokenEstimate> tokens) {
        JobColumn column = planned.column();
        List<String> notes = new ArrayList<>(column.spec().notes());
        notes.addAll(batches.notes(column.spec()));
        return new WorkPlan.ColumnPlan(
                column.name(),
                column.embedding().attribute().source(),
                column.spec().platform() + " " + column.spec().label(),
                column.spec().fingerprint().hash(),
                column.spec().inputs(),
                planned.counts(),
                tokens,
                reducers.describe(column),
                Planner.sizing(column.spec(), planned.counts(), context.job().waves(), context.slots())
                        .waves(),
                batches.plan(column.spec()),
                Spending.charge(column.spec()),
                notes);
    }
}
