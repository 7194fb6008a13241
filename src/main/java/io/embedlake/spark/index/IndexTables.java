package io.embedlake.spark.index;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.embedlake.config.TableRef;
import io.embedlake.ivf.Cells;
import io.embedlake.ivf.RecallCurve;
import io.embedlake.spark.store.ColumnScope;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.Remembered;
import io.embedlake.spark.store.StoreTable;
import io.embedlake.spark.store.TableVersion;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The tables of the index of a column, beside its store: {@code _index} with the cells of all columns and {@code _index_...} with the entries
 * of this one. Confined to the driver.
 */
final class IndexTables {
    static final String CELL = "cell";
    static final String FIT = "fit";
    static final String COSINE = "cosine";

    private static final StructType FITS = StructType.fromDDL("fit STRING, scope STRING, dimension INT, published INT,"
            + " full INT, centroids BINARY, scores ARRAY<DOUBLE>, cells ARRAY<INT>, recalls ARRAY<DOUBLE>, rows BIGINT,"
            + " cosine DOUBLE, created_at TIMESTAMP");

    /** Cells are found by the statistics of files and pages; pages are small, for a cell is. */
    private static final String LAYOUT = "'delta.dataSkippingStatsColumns' = '" + CELL
            + "', 'delta.enableDeletionVectors' = 'true', 'parquet.page.row.count.limit' = '128', 'parquet.block.size' = '33554432',"
            + " 'parquet.enable.dictionary#vector' = 'false', 'parquet.enable.dictionary#full' = 'false'";

    private final Tables tables;
    private final ColumnScope scope;
    private final TableRef fits;
    private final TableRef entries;

    IndexTables(Tables tables, TableRef store, ColumnScope scope) {
        this.tables = tables;
        this.scope = scope;
        this.fits = store.sibling("_index");
        this.entries = store.sibling("_index_"
                + Sha256.hex(scope.text().getBytes(StandardCharsets.UTF_8)).substring(0, 8));
    }

    /** The table with the entries. */
    TableRef entries() {
        return entries;
    }

    /** What the entries are of; nothing when there are none, or the index was never finished. */
    Optional<IndexState> state() {
        return tables.exists(entries) ? IndexState.of(tables.properties(entries)) : Optional.empty();
    }

    /** Says what the entries are of. */
    void set(IndexState state) {
        String list = state.properties().entrySet().stream()
                .map(property -> "'" + property.getKey() + "' = '"
                        + property.getValue().replace("\\", "\\\\").replace("'", "\\'") + "'")
                .collect(Collectors.joining(", "));
        tables.sql(
                "set the properties of " + entries,
                "ALTER TABLE " + entries.sql() + " SET TBLPROPERTIES (" + list + ")");
    }

    /** The entries of a state. */
    Dataset<Row> rows(IndexState state) {
        return rows(version(state)).where(col(FIT).equalTo(state.fit()));
    }

    private Dataset<Row> rows(Optional<TableVersion> version) {
        return tables.read(entries, version);
    }

    private Optional<TableVersion> version(IndexState state) {
        return tables.newestVersion(entries).map(newest -> new TableVersion(newest.table(), state.entries()));
    }

    /** The files of the entries of a state; nothing where they are not known, or ids are of a type that is not read from files. */
    Optional<CellEntries> files(IndexState state, IndexedColumn column) {
        return Remembered.of(tables, entries, List.of("files", state.entries(), state.fit()), () -> version(state)
                .flatMap(version -> {
                    StructType schema = rows(Optional.of(version)).schema();
                    List<StructField> ids = IntStream.range(0, column.ids().size())
                            .mapToObj(i -> schema.apply(IndexedColumn.id(i)))
                            .toList();
                    return tables.files(entries, version)
                            .flatMap(files -> CellEntries.of(tables.spark(), files, ids, state.fit()));
                }));
    }

    /** The newest version of the entries. */
    long newest() {
        return tables.newestVersion(entries).map(TableVersion::number).orElse(0L);
    }

    /** Takes back what a run has written that ended before it {@linkplain #set said} so. */
    void restore(IndexState state) {
        if (newest() != state.entries() + 1) {
            tables.sql(
                    "restore the table " + entries,
                    "RESTORE TABLE " + entries.sql() + " TO VERSION AS OF " + state.entries());
        }
    }

    /** Replaces all entries in one commit. */
    void replace(Dataset<Row> rows, long perFile) {
        boolean fits = tables.exists(entries)
                && tables.read(entries)
                        .schema()
                        .asNullable()
                        .equals(rows.schema().asNullable());
        if (!fits) {
            tables.sql(
                    "make the table " + entries,
                    "CREATE OR REPLACE TABLE " + entries.sql() + " ("
                            + rows.schema().asNullable().toDDL()
                            + ") USING delta COMMENT 'embedlake: the vectors of a column by cells, for searches' TBLPROPERTIES ("
                            + LAYOUT + ")");
        }
        write(rows, "overwrite", perFile);
    }

    /** Removes the entries of these ids in one commit. */
    void remove(Dataset<Row> ids, IndexedColumn column) {
        Column same = IntStream.range(0, column.ids().size())
                .mapToObj(i -> col("entry." + IndexedColumn.id(i)).equalTo(col("gone." + IndexedColumn.id(i))))
                .reduce(Column::and)
                .orElseThrow();
        Failures.on("write the table " + entries, "Check that it can be written.", () -> tables.delta(entries)
                .as("entry")
                .merge(ids.as("gone"), same)
                .whenMatched()
                .delete()
                .execute());
    }

    /** Appends entries in one commit. */
    void append(Dataset<Row> rows) {
        write(rows, "append", Long.MAX_VALUE);
    }

    private void write(Dataset<Row> rows, String mode, long perFile) {
        Failures.on("write the table " + entries, "Check that it can be written.", () -> {
            var writer = rows.writeTo(entries.sql())
                    .option("maxRecordsPerFile", Math.min(perFile, Integer.MAX_VALUE))
                    .option("compression", "uncompressed");
            try {
                if (mode.equals("append")) {
                    writer.append();
                } else {
                    writer.overwrite(lit(true));
                }
            } catch (AnalysisException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Saves cells under their name. */
    void save(IndexFit fit, Instant now) {
        StoreTable.create(
                tables, fits, "(" + FITS.toDDL() + ") USING delta COMMENT 'embedlake: cells of search indexes'");
        Row row = RowFactory.create(
                fit.name(),
                scope.text(),
                fit.cells().dimension(),
                fit.lengths().published(),
                fit.lengths().full(),
                bytes(fit.cells().centroids()),
                fit.curve().scores().toArray(Double[]::new),
                fit.curve().cells().toArray(Integer[]::new),
                fit.curve().recalls().toArray(Double[]::new),
                fit.rows(),
                fit.cosine(),
                Timestamp.from(now));
        StoreTable.append(
                fits,
                tables.spark().createDataFrame(List.of(row), FITS),
                "index " + fit.name() + " " + scope.text(),
                0);
    }

    /** Whether there is the table with the cells. */
    boolean hasCells() {
        return tables.exists(fits);
    }

    /** Cells by their name; nothing when they are missing. */
    Optional<IndexFit> fit(String name) {
        if (!tables.exists(fits)) {
            return Optional.empty();
        }
        return Remembered.of(tables, fits, List.of("fit", name, scope.text()), () -> read(name));
    }

    private Optional<IndexFit> read(String name) {
        return tables
                .read(fits)
                .where(col(FIT).equalTo(name).and(col("scope").equalTo(scope.text())))
                .limit(1)
                .collectAsList()
                .stream()
                .findFirst()
                .map(row -> new IndexFit(
                        name,
                        new Cells(row.<Integer>getAs("dimension"), floats(row.getAs("centroids"))),
                        new IndexedColumn.Lengths(row.<Integer>getAs("published"), row.<Integer>getAs("full")),
                        new RecallCurve(
                                row.getList(row.fieldIndex("scores")),
                                row.getList(row.fieldIndex("cells")),
                                row.getList(row.fieldIndex("recalls"))),
                        row.<Long>getAs("rows"),
                        row.<Double>getAs("cosine")));
    }

    private static byte[] bytes(float[] values) {
        byte[] bytes = new byte[Float.BYTES * values.length];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
        return bytes;
    }

    private static float[] floats(byte[] bytes) {
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }
}
