package io.embedlake.spark.job;

import io.embedlake.config.JobSpec;
import io.embedlake.spark.run.JobContext;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spark.store.TableVersions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * A run that has begun, as it will be recorded. Immutable.
 *
 * @param context the run
 * @param begin when it began
 */
record RunningRecord(JobContext context, Instant begin) {
    static RunningRecord of(JobContext context) {
        return new RunningRecord(context, context.clock().instant());
    }

    /** It found all that an earlier run did. */
    RunRecord repeats(RunRecord earlier, TableVersions versions, Look look) {
        return record(
                versions,
                earlier.rows(),
                0,
                earlier.columns().stream().map(ColumnRecord::repeated).toList(),
                Optional.empty(),
                look.toString());
    }

    /** It did its work. */
    RunRecord ends(TableVersions left, long rows, long rowsPublished, List<ColumnRecord> columns, Look look) {
        return record(left, rows, rowsPublished, columns, Optional.empty(), look.toString());
    }

    /** It failed or was cancelled. */
    RunRecord fails(RuntimeException failure) {
        String why =
                failure instanceof CancellationException ? RunRecord.CANCELLED : String.valueOf(failure.getMessage());
        return record(TableVersions.UNKNOWN, 0, 0, List.of(), Optional.of(why), "");
    }

    private RunRecord record(
            TableVersions left,
            long rows,
            long rowsPublished,
            List<ColumnRecord> columns,
            Optional<String> failure,
            String look) {
        JobSpec job = context.job();
        return new RunRecord(
                context.run(),
                job.job(),
                begin,
                Duration.between(begin, context.clock().instant()),
                job.source().table().sql(),
                job.target().table().sql(),
                left,
                rows,
                rowsPublished,
                columns,
                failure,
                Versions.of(context.spark()),
                job.describe(),
                look);
    }
}
