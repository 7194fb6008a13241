package io.embedlake.spark.batch;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.embedlake.config.TableRef;
import io.embedlake.remote.batch.BatchJournal;
import io.embedlake.remote.batch.JournalEntry;
import io.embedlake.remote.batch.JournalEntry.Step;
import io.embedlake.remote.batch.SentText;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.StoreTable;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.Fingerprint;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * The batches of a store, a row for each step of each: the journal of the batches of one fingerprint at one place. Every entry is a
 * commit of its own. Confined to the driver; jobs may share a store, and those that make the same vectors at the same place share
 * their batches.
 */
public final class BatchTable implements BatchJournal {
    private static final StructType SCHEMA = StructType.fromDDL("fingerprint STRING NOT NULL, place STRING NOT NULL,"
            + " marker STRING NOT NULL, step STRING NOT NULL, reference STRING NOT NULL,"
            + " texts ARRAY<STRUCT<content_hash: STRING, tokens: INT>> NOT NULL, run_id STRING NOT NULL,"
            + " created_at TIMESTAMP NOT NULL");
    private static final String MARKER = "marker";
    private static final String STEP = "step";

    private final Tables tables;
    private final TableRef batches;
    private final Fingerprint fingerprint;
    private final String place;
    private final RunId run;
    private final Clock clock;

    /**
     * The journal of some batches.
     *
     * @param store the vector store that it belongs to
     * @param place the provider and its endpoint
     */
    public BatchTable(Tables tables, TableRef store, Fingerprint fingerprint, String place, RunId run, Clock clock) {
        this.tables = tables;
        this.batches = store.sibling("_batches");
        this.fingerprint = fingerprint;
        this.place = place;
        this.run = run;
        this.clock = clock;
    }

    @Override
    public void append(JournalEntry entry) {
        StoreTable.create(
                tables,
                batches,
                "(" + SCHEMA.toDDL() + ") USING delta COMMENT 'embedlake: batches at providers, a row for each step'");
        Row row = RowFactory.create(
                fingerprint.hash(),
                place,
                entry.marker(),
                entry.step().name(),
                entry.reference(),
                entry.texts().stream()
                        .map(text -> RowFactory.create(text.id(), text.tokens()))
                        .toArray(Row[]::new),
                run.text(),
                Timestamp.from(clock.instant()));
        StoreTable.append(
                batches,
                tables.spark().createDataFrame(List.of(row), SCHEMA),
                "batch " + entry.marker(),
                entry.step().ordinal());
    }

    /** Only the entries of open batches: a store may have had many. */
    @Override
    public List<JournalEntry> entries() {
        if (!tables.exists(batches)) {
            return List.of();
        }
        Dataset<Row> all = tables.read(batches)
                .where(col("fingerprint").equalTo(fingerprint.hash()))
                .where(col("place").equalTo(place));
        Dataset<Row> over =
                all.where(col(STEP).equalTo(lit(Step.FINISHED.name()))).select(MARKER);
        return Failures.on(
                "read the table " + batches,
                "Check that it can be read.",
                () -> all.join(over, new String[] {MARKER}, "left_anti").collectAsList().stream()
                        .map(BatchTable::entry)
                        .sorted(Comparator.comparing(JournalEntry::step))
                        .toList());
    }

    private static JournalEntry entry(Row row) {
        return new JournalEntry(
                Step.valueOf(row.getAs(STEP)),
                row.getAs(MARKER),
                row.getAs("reference"),
                row.<Row>getList(row.fieldIndex("texts")).stream()
                        .map(text -> new SentText(text.getString(0), text.getInt(1)))
                        .toList());
    }
}
