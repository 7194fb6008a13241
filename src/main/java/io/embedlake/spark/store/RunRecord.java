package io.embedlake.spark.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a run did. Immutable.
 *
 * @param run its name
 * @param job the job's name
 * @param startedAt when it began
 * @param duration how long it took
 * @param source the source table
 * @param target the target table
 * @param targetVersion the version it left the target in, when it got that far
 * @param rows the rows it was about
 * @param rowsPublished the rows whose vectors it changed
 * @param columns what it did for each vector column
 * @param failure what stopped it, if something did
 * @param versions the versions of embedlake and what it runs on
 * @param spec the job file, canonical and without secrets
 */
public record RunRecord(
        RunId run,
        String job,
        Instant startedAt,
        Duration duration,
        String source,
        String target,
        OptionalLong targetVersion,
        long rows,
        long rowsPublished,
        List<ColumnRecord> columns,
        Optional<String> failure,
        Map<String, String> versions,
        Map<String, String> spec) {
    public RunRecord {
        columns = List.copyOf(columns);
        versions = Map.copyOf(versions);
        spec = Map.copyOf(spec);
    }
}
