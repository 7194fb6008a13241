package io.embedlake.spark;

import static org.apache.spark.sql.functions.col;

import io.embedlake.config.TableRef;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.spark.sql.KeptRows;
import io.embedlake.spark.store.Failures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.CreateTableWriter;
import org.apache.spark.sql.Row;

/**
 * Sets the vector columns of the target in one commit, so that readers see all of a run or nothing of it. Confined to the
 * driver.
 *
 * <p>The rows whose vectors differ from what they should be are found first and merged alone, so that a commit rewrites only
 * the files it must. What becomes of a row:
 *
 * <ul>
 *   <li>its text is new or changed: it gets the text's vector;
 *   <li>its text is null, blank or rejected, or {@code where} leaves it out: it gets a null vector;
 *   <li>it is in another target than the source, and gone from the source: its vector becomes null, or the row is deleted
 *       where embedlake made the target as a copy of the source;
 *   <li>it is in the source only: it is inserted with the columns that both tables have.
 * </ul>
 *
 * <p>The rows are those that the run began with. Where they are the target's own somebody may have changed a row since: the merge
 * compares the hash of its text again and leaves such a row for the next run.
 */
final class Publisher {
    /**
     * What was done to the target.
     *
     * @param rows how many rows changed
     * @param commits how many versions that made
     */
    record Published(long rows, long commits) {
        static final Published NOTHING = new Published(0, 0);
    }

    private final JobContext context;

    Publisher(JobContext context) {
        this.context = context;
    }

    /**
     * Publishes; tries again when another writer of the target was faster.
     *
     * @param columns those of all embeddings of the job, in its order
     * @return what was changed
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when other writers were faster each time, {@link ErrorKind#CONFIGURATION}
     *     when one has made a column of the same name meanwhile
     */
    Published publish(List<PublishedColumn> columns) {
        SourceRows source = columns.get(0).text().source();
        return Failures.on(
                "publish to the table " + context.job().target().table(),
                "Check that it can be written.",
                () -> source.isTarget() ? intoSource(source, columns) : retried(() -> intoTarget(source, columns)));
    }

    /** What changes is found once: the rows are those of one version, whatever the table has become. */
    private Published intoSource(SourceRows source, List<PublishedColumn> columns) {
        try (KeptRows changes = KeptRows.of(rows(source, columns).changed())) {
            return retried(() -> write(rows(source, columns), changes));
        }
    }

    private Published intoTarget(SourceRows source, List<PublishedColumn> columns) {
        RowsToPublish rows = rows(source, columns);
        if (rows.target().rows().isEmpty()) {
            return create(rows);
        }
        try (KeptRows changes = KeptRows.of(rows.changed())) {
            return write(rows, changes);
        }
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
            TargetMerge.execute(context.tables(), rows, changes.rows());
            properties.set();
            return new Published(changes.count(), announced + 2);
        }
        if (!properties.areSet(rows.target())) {
            // A run ended between its merge and this.
            properties.set();
            return new Published(0, 1);
        }
        return Published.NOTHING;
    }

    private <T> T retried(Supplier<T> action) {
        return Contention.retried(context.job().target().table(), action);
    }

    /** A target that is not there yet is made as a copy of the source's rows, vectors included. */
    private Published create(RowsToPublish rows) {
        List<Column> selected = Arrays.stream(
                        rows.shape().columns(rows.source().columns()).fieldNames())
                .map(name -> col(Columns.quoted(name)))
                .collect(Collectors.toCollection(ArrayList::new));
        for (int i = 0; i < rows.columns().size(); i++) {
            PublishedColumn column = rows.columns().get(i);
            selected.add(col(RowsToPublish.VECTOR + i)
                    .as(column.name(), column.provenance().metadata()));
        }
        TableRef table = context.job().target().table();
        var writer = rows.all()
                .select(selected.toArray(Column[]::new))
                .writeTo(table.sql())
                .using("delta");
        Map<String, String> properties = new TargetProperties(context, rows.columns()).all();
        properties.put(TargetTable.MIRROR, "true");
        for (Map.Entry<String, String> property : properties.entrySet()) {
            writer = writer.tableProperty(property.getKey(), property.getValue());
        }
        create(writer);
        return new Published(context.tables().read(table).count(), 1);
    }

    private static void create(CreateTableWriter<Row> writer) {
        try {
            writer.create();
        } catch (AnalysisException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot make the target (" + Failures.brief(e) + "). Check its name and start the job again.",
                    e);
        }
    }
}
