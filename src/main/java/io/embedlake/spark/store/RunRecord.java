package io.embedlake.spark.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run did. Immutable.
 *
 * @param run its name
 * @param job the job's name
 * @param startedAt when it began
 * @param duration how long it took
 * @param source the source table
 * @param target the target table
 * @param tables the versions in which it left its tables
 * @param rows the rows it was about
 * @param rowsPublished the rows whose vectors it changed
 * @param columns what it did for each vector column
 * @param failure what stopped it, if something did
 * @param versions the versions of embedlake and what it runs on
 * @param spec the job file, canonical and without secrets
 * @param look which rows of the source it looked at, and why, in words
 */
public record RunRecord(
        RunId run,
        String job,
        Instant startedAt,
        Duration duration,
        String source,
        String target,
        TableVersions tables,
        long rows,
        long rowsPublished,
        List<ColumnRecord> columns,
        Optional<String> failure,
        Map<String, String> versions,
        Map<String, String> spec,
        String look) {
    /** The failure of a cancelled run. */
    public static final String CANCELLED = "The run was cancelled.";

    public RunRecord {
        columns = List.copyOf(columns);
        versions = Map.copyOf(versions);
        spec = Map.copyOf(spec);
    }

    /** Its status in the log: {@code succeeded}, {@code failed} or {@code cancelled}. */
    public String status() {
        return failure.map(why -> why.equals(CANCELLED) ? "cancelled" : "failed")
                .orElse("succeeded");
    }

    /** The share of the distinct texts that got no vector, 0 to 1, of the worst column. */
    public double errorRate() {
        return columns.stream()
                .filter(column -> column.distinct() > 0)
                .mapToDouble(column -> (double) column.rejected() / column.distinct())
                .max()
                .orElse(0);
    }

    /** Whether it published what would be published again: the same columns, made by the same models from the same texts. */
    public boolean published(List<ColumnRecord> again) {
        return columns.stream()
                .map(ColumnRecord::published)
                .toList()
                .equals(again.stream().map(ColumnRecord::published).toList());
    }
}
