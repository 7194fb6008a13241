package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;

import io.embedlake.config.TableRef;
import io.embedlake.reduce.Reduction;
import io.embedlake.spark.sql.VectorColumns;
import io.embedlake.spi.Fingerprint;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** One vector a text. Confined to the driver. */
final class WholeVectors extends VectorTable {
    /**
     * How many rows a page of a file has at most. A look-up reads a page for each text: a page of 32 vectors of 384 floats has 48 KB, where
     * Parquet would write 1 MB. Delta Lake passes what a table's properties say to Parquet, whoever writes.
     */
    static final String PAGE_ROWS = "parquet.page.row.count.limit";

    static final int ROWS_OF_PAGE = 32;

    private final Tables tables;

    WholeVectors(Tables tables, TableRef ref) {
        super(tables, ref);
        this.tables = tables;
    }

    @Override
    String what() {
        return "vector";
    }

    @Override
    String valueColumn() {
        return "vector ARRAY<FLOAT>";
    }

    @Override
    String properties() {
        return " TBLPROPERTIES ('" + PAGE_ROWS + "' = '" + ROWS_OF_PAGE + "')";
    }

    /** By hash, so that the index of a file's pages says where a text may be. */
    @Override
    Dataset<Row> inOrder(Dataset<Row> rows) {
        return rows.sortWithinPartitions(CONTENT_HASH);
    }

    @Override
    Dataset<Row> rows(Fingerprint fingerprint, Dataset<Row> hashes) {
        return HashLookup.of(tables, ref(), fingerprint, hashes)
                .map(HashLookup::rows)
                .orElseGet(() -> super.rows(fingerprint, hashes));
    }

    @Override
    Dataset<Row> hashes(Fingerprint fingerprint, Dataset<Row> hashes) {
        return tables.isKnownEmpty(ref())
                ? super.hashes(fingerprint, hashes)
                : HashLookup.of(tables, ref(), fingerprint, hashes)
                        .map(HashLookup::hashes)
                        .orElseGet(() -> super.hashes(fingerprint, hashes));
    }

    @Override
    Dataset<Row> reduced(Dataset<Row> rows, Reduction reduction) {
        Dataset<Row> published = rows.select(
                col(CONTENT_HASH),
                VectorColumns.published(col("vector"), reduction).as("vector"),
                col(CREATED_AT));
        return older(published, col("vector"), VectorStore.VECTOR);
    }

    @Override
    Dataset<Row> sample(Dataset<Row> rows, long wanted) {
        return older(rows, col("vector"), VectorStore.VECTOR).withColumnRenamed(CONTENT_HASH, VectorStore.KEY);
    }
}
