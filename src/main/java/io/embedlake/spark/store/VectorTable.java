package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min_by;

import io.embedlake.config.TableRef;
import io.embedlake.reduce.Reduction;
import io.embedlake.spi.Fingerprint;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A table of a store whose rows hold the vectors of one text each, by fingerprint and content hash. Confined to the driver;
 * append-only.
 */
abstract class VectorTable {
    static final String FINGERPRINT = "fingerprint";
    static final String CONTENT_HASH = "content_hash";
    static final String CREATED_AT = "created_at";

    private final Tables tables;
    private final TableRef ref;

    VectorTable(Tables tables, TableRef ref) {
        this.tables = tables;
        this.ref = ref;
    }

    /** Its name. */
    final TableRef ref() {
        return ref;
    }

    /** Makes the table when it is missing. */
    final void create() {
        StoreTable.createClustered(
                tables,
                ref,
                valueColumn() + " NOT NULL, dimension INT NOT NULL, tokens INT NOT NULL, truncated BOOLEAN NOT NULL",
                "embedlake: every " + what() + " ever made, by fingerprint and content hash",
                properties());
    }

    /** What follows in the statement that makes the table. */
    String properties() {
        return "";
    }

    /** What a row holds, for the table's comment. */
    abstract String what();

    /** The column with the vectors, with its type. */
    abstract String valueColumn();

    /** Its name. */
    final String value() {
        return valueColumn().substring(0, valueColumn().indexOf(' '));
    }

    /** The vectors of rows of this table for publishing: {@code content_hash, vector}, each hash once. */
    abstract Dataset<Row> reduced(Dataset<Row> rows, Reduction reduction);

    /**
     * Single vectors of rows of this table.
     *
     * @param wanted about how many vectors, where the rows have more
     * @return {@code key, vector}, each key once
     */
    abstract Dataset<Row> sample(Dataset<Row> rows, long wanted);

    /** The rows of a fingerprint; a hash may come more than once. */
    final Dataset<Row> rows(Fingerprint fingerprint) {
        return tables.read(ref).where(col(FINGERPRINT).equalTo(fingerprint.hash()));
    }

    /**
     * The rows of a fingerprint that a run has written; a hash may come more than once.
     *
     * @param found the version of the table that the run began with; empty when it was not there
     */
    final Dataset<Row> rows(Fingerprint fingerprint, RunId run, Optional<TableVersion> found) {
        return tables.added(ref, found)
                .orElseGet(() -> tables.read(ref))
                .where(col(FINGERPRINT)
                        .equalTo(fingerprint.hash())
                        .and(col("run_id").equalTo(run.text())));
    }

    /** The order in which the rows of a file are written. */
    Dataset<Row> inOrder(Dataset<Row> rows) {
        return rows;
    }

    /** The rows of some texts: {@code content_hash}, the value and {@code created_at} at least; a hash may come more than once. */
    Dataset<Row> rows(Fingerprint fingerprint, Dataset<Row> hashes) {
        return StoreTable.among(rows(fingerprint), hashes);
    }

    /** Those of some texts that are in the table, none when there is no table; a hash may come more than once. */
    Dataset<Row> hashes(Fingerprint fingerprint, Dataset<Row> hashes) {
        return StoreTable.among(hashes(fingerprint), hashes);
    }

    /**
     * Each text once; of duplicates the older one.
     *
     * @param value what to take of its row
     * @return {@code content_hash, value}
     */
    static Dataset<Row> older(Dataset<Row> rows, Column value, String name) {
        return rows.groupBy(col(CONTENT_HASH))
                .agg(min_by(value, col(CREATED_AT)).as(name));
    }

    /** The content hashes of a fingerprint, none when there is no table; a hash may come more than once. */
    final Dataset<Row> hashes(Fingerprint fingerprint) {
        return StoreTable.hashes(tables, ref, fingerprint);
    }

    /** Whether there are vectors of a fingerprint. */
    final boolean has(Fingerprint fingerprint) {
        return dimension(fingerprint).isPresent();
    }

    /** How long the vectors of a fingerprint are, if there are some. */
    final OptionalInt dimension(Fingerprint fingerprint) {
        return tables.exists(ref)
                ? rows(fingerprint).select("dimension").limit(1).collectAsList().stream()
                        .mapToInt(row -> row.getInt(0))
                        .findFirst()
                : OptionalInt.empty();
    }
}
