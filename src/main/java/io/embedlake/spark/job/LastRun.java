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
 * @param job the current job
 * @param run that run, if there was one
 */
record LastRun(JobSpec job, Optional<RunRecord> run) {
    static LastRun of(JobContext context) {
        JobSpec job = context.job();
        return new LastRun(job, context.runs().newestSuccess(job.target().table()));
    }

    /**
     * The run, if all that it did is still valid, because none of its tables has a new version and the job makes the same
     * vectors: then there is nothing to look for, however large the tables are. A condition may depend on the time or on
     * other tables, so a job with one always looks.
     */
    Optional<RunRecord> unchanged(TableVersions now, List<JobColumn> columns) {
        return run.filter(last -> job.source().where().isEmpty()
                && last.tables().areStill(now, job.isInPlace())
                && last.spec().equals(job.describe())
                && last.versions().equals(Versions.all())
                && fingerprints(last).equals(fingerprints(columns)));
    }

    private static List<String> fingerprints(RunRecord run) {
        return run.columns().stream().map(ColumnRecord::fingerprint).toList();
    }

    private static List<String> fingerprints(List<JobColumn> columns) {
        return columns.stream()
                .map(column -> column.spec().fingerprint().hash())
                .toList();
    }

    /** Whether it published what would be published again, and the target is as it left it. */
    boolean published(List<ColumnRecord> again, TableVersions now) {
        return now.target().isPresent()
                && run.filter(last -> last.published(again)
                                && now.target().equals(last.tables().target()))
                        .isPresent();
    }
}
