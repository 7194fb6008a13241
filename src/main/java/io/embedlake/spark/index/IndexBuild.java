package io.embedlake.spark.index;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.xxhash64;

import io.embedlake.ivf.CellFitter;
import io.embedlake.ivf.Cells;
import io.embedlake.ivf.Directions;
import io.embedlake.reduce.quantize.Quantizer;
import io.embedlake.spark.source.Columns;
import io.embedlake.spark.sql.VectorColumns;
import io.embedlake.spark.store.TableVersion;
import io.embedlake.spark.store.Tables;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Fits the cells of a column and puts all its vectors into them. Confined to the driver.
 *
 * <p>The rows are read twice: for a sample, which the driver holds, and to put them into cells; then the entries are read once to measure
 * the recall. The driver's memory holds the sample three times at most: 192 MiB each.
 */
final class IndexBuild {
    private static final long MOST_SAMPLE_BYTES = 192L << 20;
    private static final int SAMPLE_PER_CELL = 64;
    private static final int QUERIES = 200;
    private static final int MOST_CELLS = 16_384;
    private static final long FILE_BYTES = 32L << 20;

    private final Tables tables;
    private final IndexedColumn column;
    private final IndexTables index;
    private final Clock clock;

    IndexBuild(Tables tables, IndexedColumn column, IndexTables index, Clock clock) {
        this.tables = tables;
        this.column = column;
        this.index = index;
        this.clock = clock;
    }

    /** A sample, and vectors that are not in it where there are enough. */
    private record Sample(float[] fitted, float[] queries) {}

    /**
     * Builds the index of a version of the table.
     *
     * @param lists how many cells; derived from the rows where it is not given
     * @param name a name for the cells that no other fit has
     * @return what the index is of; nothing when no row has a vector with a direction
     */
    Optional<IndexState> build(TableVersion version, OptionalInt lists, String name) {
        Dataset<Row> table = tables.read(column.table(), Optional.of(version));
        Optional<IndexedColumn.Lengths> found = lengths(table);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        IndexedColumn.Lengths lengths = found.get();
        long rows = table.count();
        int wanted = lists.orElseGet(() -> (int) Math.max(1, Math.min(MOST_CELLS, 2 * Math.round(Math.sqrt(rows)))));
        Dataset<Row> vectors = column.vectorsOf(tables, table, lengths);
        Quantizer code = lengths.code(column);
        Sample sample = sample(vectors, code, lengths.published(), rows, wanted);
        if (sample.fitted().length == 0) {
            return Optional.empty();
        }
        Cells cells = CellFitter.fit(sample.fitted(), lengths.published(), wanted);
        long perFile = Math.max(1000, FILE_BYTES / (code.bytes() + Float.BYTES * lengths.full()));
        int partitions = (int) Math.max(1, Math.min(2000, rows / perFile));
        index.replace(
                entries(vectors, cells, code, name)
                        .repartition(
                                partitions,
                                floor(col(IndexTables.CELL).multiply(partitions).divide(cells.count())))
                        .sortWithinPartitions(IndexTables.CELL),
                perFile);
        IndexState state = new IndexState(
                column.scope().text(),
                column.fingerprint(),
                column.reducer(),
                lists.isPresent() ? Integer.toString(lists.getAsInt()) : "auto",
                version,
                index.newest(),
                name,
                0,
                0);
        Dataset<Row> entries = index.rows(state);
        Row facts = entries.agg(count(lit(1)), avg(IndexTables.COSINE)).first();
        index.save(
                new IndexFit(
                        name,
                        cells,
                        lengths,
                        new CurveMeasurement(new Cells(lengths.published(), sample.queries()), code, cells)
                                .of(entries.select(IndexTables.CELL, IndexedColumn.VECTOR)),
                        facts.getLong(0),
                        facts.isNullAt(1) ? 0 : facts.getDouble(1)),
                clock.instant());
        index.set(state);
        return Optional.of(state);
    }

    /** Rows as entries of cells: {@code cell, fit, cosine, id_0, ..., file, vector}; those without direction are in none. */
    static Dataset<Row> entries(Dataset<Row> vectors, Cells cells, Quantizer code, String fit) {
        List<Column> kept = new ArrayList<>(List.of(
                col("placed.cell").as(IndexTables.CELL),
                lit(fit).as(IndexTables.FIT),
                col("placed.cosine").as(IndexTables.COSINE)));
        Arrays.stream(vectors.columns()).map(name -> col(name)).forEach(kept::add);
        return vectors.withColumn("placed", VectorColumns.cell(col(IndexedColumn.VECTOR), cells, code))
                .select(kept.toArray(Column[]::new))
                .where(col(IndexTables.CELL).geq(0));
    }

    private Optional<IndexedColumn.Lengths> lengths(Dataset<Row> table) {
        Column vector = col(Columns.quoted(column.column()));
        Column published = column.quantizer()
                .<Column>map(quantizer -> lit(quantizer.decode(new byte[quantizer.bytes()]).length))
                .orElseGet(() -> size(vector));
        Column full = column.full().map(name -> size(col(Columns.quoted(name)))).orElseGet(() -> lit(0));
        return table.where(vector.isNotNull()).select(published, full).limit(1).collectAsList().stream()
                .findFirst()
                .map(row -> new IndexedColumn.Lengths(row.getInt(0), row.getInt(1)));
    }

    /** Rows drawn by the hashes of their ids: the same for the same rows. The first ones are the queries. */
    private Sample sample(Dataset<Row> vectors, Quantizer code, int dimension, long rows, int cells) {
        long most = MOST_SAMPLE_BYTES / (Float.BYTES * (long) dimension);
        long wanted = Math.min(most, (long) SAMPLE_PER_CELL * cells) + QUERIES;
        double share = (double) wanted / Math.max(1, rows);
        Column key = xxhash64(column.idColumns().toArray(Column[]::new));
        Column isDrawn = share < 1 ? key.lt((long) (Long.MIN_VALUE + share * 0x1p64)) : lit(true);
        List<Row> drawn = new ArrayList<>(
                vectors.where(isDrawn).select(key, col(IndexedColumn.VECTOR)).collectAsList());
        drawn.sort(Comparator.comparingLong(row -> row.getLong(0)));
        List<float[]> units = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            Directions.of(code.decode((byte[]) drawn.set(i, null).get(1))).ifPresent(units::add);
        }
        int queries = Math.min(QUERIES, units.size());
        int from = units.size() >= 2 * QUERIES ? QUERIES : 0;
        return new Sample(
                joined(units.subList(from, units.size()), dimension), joined(units.subList(0, queries), dimension));
    }

    private static float[] joined(List<float[]> vectors, int dimension) {
        float[] all = new float[vectors.size() * dimension];
        for (int i = 0; i < vectors.size(); i++) {
            System.arraycopy(vectors.get(i), 0, all, i * dimension, dimension);
        }
        return all;
    }
}
