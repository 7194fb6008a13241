package io.embedlake.spark.publish;

import io.embedlake.spark.run.JobContext;
import io.embedlake.spark.source.SourceRows;
import io.embedlake.spark.sql.KeptRows;
import io.embedlake.spark.store.Failures;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Sets the vector columns of the target in one commit, so that readers see all of a run or nothing of it. Confined to the
 * driver.
 *
 * <p>The rows whose vectors differ from what they should be are found first and merged alone, so that a commit rewrites only
 * the files it must. The cases of a row:
 *
 * <ul>
 *   <li>its text is new or changed: it gets the text's vector;
 *   <li>its text is null, blank or rejected, or {@code where} leaves it out: it gets a null vector;
 *   <li>it is in another target than the source, and gone from the source: its vector becomes null, or the row is deleted
 *       where embedlake made the target as a copy of the source;
 *   <li>it is in the source only: it is inserted with the columns that both tables have.
 * </ul>
 *
 * <p>The rows are those that the run began with. Where the target is the source, a row may have changed since: the merge
 * compares the hash of its text again and leaves such a row for the next run.
 */
public record Publisher(JobContext context) {
    /**
     * What was done to the target.
     *
     * @param rows how many rows changed
     * @param commits how many versions that made
     */
    public record Published(long rows, long commits) {
        public static final Published NOTHING = new Published(0, 0);
    }

    /**
     * Publishes; tries again when another writer of the target was faster.
     *
     * @param columns the columns of all embeddings of the job, in its order
     * @return what was changed
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when other writers were faster each time, {@link ErrorKind#CONFIGURATION}
     *     when one has made a column of the same name meanwhile
     */
    public Published publish(List<PublishedColumn> columns) {
        SourceRows source = columns.get(0).text().source();
        return Failures.on(
                "publish to the table " + context.job().target().table(),
                "Every vector is in the store: correct this and start the job again.",
                () -> source.isTarget() ? intoSource(source, columns) : retried(() -> intoTarget(source, columns)));
    }

    /** Changes are found once: the rows are those of one version, even when the table has changed since. */
    private Published intoSource(SourceRows source, List<PublishedColumn> columns) {
        try (KeptRows changes = KeptRows.of(rows(source, columns).changed())) {
            return retried(() -> write(rows(source, columns), changes));
        }
    }

    /** A target that is missing is made first: another job may be making it at the same moment. */
    private Published intoTarget(SourceRows source, List<PublishedColumn> columns) {
        RowsToPublish rows = rows(source, columns);
        if (rows.target().rows().isEmpty()) {
            make(rows);
            Published done = intoTarget(source, columns);
            return new Published(done.rows(), done.commits() + 1);
        }
        if (context.tables().isKnownEmpty(rows.target().table())) {
            Optional<Published> filled = fill(rows);
            if (filled.isPresent()) {
                return filled.get();
            }
            rows = rows(source, columns);
        }
        try (KeptRows changes = KeptRows.of(rows.changed())) {
            return write(rows, changes);
        }
    }

    /** All rows go into an empty target as they come; nothing, when another job has put rows into it meanwhile. */
    private Optional<Published> fill(RowsToPublish rows) {
        long inserted = merge().intoEmpty(rows);
        if (context.tables().read(rows.target().table()).count() > inserted) {
            return Optional.empty();
        }
        return Optional.of(new Published(inserted, 1 + tell(rows)));
    }

    private RowsToPublish rows(SourceRows source, List<PublishedColumn> columns) {
        TargetTable target =
                TargetTable.open(context.tables(), context.job().target().table());
        columns.forEach(column -> target.requireFits(column.name(), column.type(), column.provenance()));
        return new RowsToPublish(source, target, TargetShape.of(context.job()), columns);
    }

    private Published write(RowsToPublish rows, KeptRows changes) {
        TargetProperties properties = new TargetProperties(context, rows.columns());
        if (changes.count() > 0 || rows.columns().stream().anyMatch(rows::lacks)) {
            int announced = properties.announce(rows.target());
            merge().execute(rows, changes);
            properties.set();
            return new Published(changes.count(), announced + 2);
        }
        // A run may have ended between its merge and this.
        return new Published(0, tell(rows));
    }

    private TargetMerge merge() {
        return new TargetMerge(context.tables(), context.run());
    }

    /** Updates the properties that name what made the columns; returns the number of commits. */
    private int tell(RowsToPublish rows) {
        TargetProperties properties = new TargetProperties(context, rows.columns());
        if (properties.areSet(rows.target())) {
            return 0;
        }
        properties.set();
        return 1;
    }

    private <T> T retried(Supplier<T> action) {
        return Contention.retried(context.job().target().table(), action);
    }

    /** A target that is not there yet is made as a copy of the source without its rows, vector columns included. */
    private void make(RowsToPublish rows) {
        StructType columns = TargetTable.copy(
                rows.shape().columns(rows.source().columns()), rows.shape().vectors());
        for (PublishedColumn column : rows.columns()) {
            columns = columns.add(
                    column.name(),
                    DataType.fromDDL(column.type()),
                    true,
                    column.provenance().metadata());
        }
        Map<String, String> properties = new TargetProperties(context, rows.columns()).all();
        TargetTable.make(context.tables(), rows.target().table(), columns, properties);
    }
}
