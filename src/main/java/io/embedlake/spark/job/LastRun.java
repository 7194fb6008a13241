package io.embedlake.spark.job;

import io.embedlake.config.JobSpec;
import io.embedlake.spark.run.JobContext;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spark.store.TableVersions;
import java.util.List;
import java.util.Optional;

/**
 * What is still valid of the newest run that published to the target. Immutable.
 *
 * @param run that run, if there was one
 */
record LastRun(Optional<RunRecord> run) {
    static LastRun of(JobContext context) {
        JobSpec job = context.job();
        return new LastRun(context.runs().newestSuccess(job.job(), job.target().table()));
    }

    /** Whether it published what would be published again, and the target is as it left it. */
    boolean published(List<ColumnRecord> again, TableVersions now) {
        return now.target().isPresent()
                && run.filter(last -> last.published(again)
                                && now.target().equals(last.tables().target()))
                        .isPresent();
    }
}
