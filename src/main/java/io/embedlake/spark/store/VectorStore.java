package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.current_timestamp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min_by;

import io.embedlake.config.TableRef;
import io.embedlake.embed.Fingerprint;
import io.embedlake.reduce.Reducer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Every vector ever made, in full length, by fingerprint and content hash: append-only, in one idempotent commit a wave.
 * Beside it lie the texts that can never be embedded. Confined to the driver; jobs may share a store.
 *
 * <p>Two jobs that embed the same text at the same time both append it; readers take the older one.
 */
public final class VectorStore {
    /** Columns of both tables. */
    public static final String FINGERPRINT = "fingerprint";

    public static final String CONTENT_HASH = "content_hash";
    public static final String VECTOR = "vector";

    private static final String CREATED_AT = "created_at";

    private final Tables tables;
    private final TableRef vectors;
    private final TableRef rejected;

    public VectorStore(Tables tables, TableRef store) {
        this.tables = tables;
        this.vectors = store;
        this.rejected = store.sibling("_rejected");
    }

    /** The table of rejected texts. */
    public TableRef rejected() {
        return rejected;
    }

    /** Makes the tables that are missing; clustered for the look-up by fingerprint and hash. */
    public void create() {
        create(
                vectors,
                "fingerprint STRING NOT NULL, content_hash STRING NOT NULL, vector ARRAY<FLOAT> NOT NULL,"
                        + " dimension INT NOT NULL, tokens INT NOT NULL, truncated BOOLEAN NOT NULL,"
                        + " run_id STRING NOT NULL, created_at TIMESTAMP NOT NULL",
                "embedlake: every vector ever made, by fingerprint and content hash");
        create(
                rejected,
                "fingerprint STRING NOT NULL, content_hash STRING NOT NULL, row_id STRING NOT NULL,"
                        + " characters INT NOT NULL, kind STRING NOT NULL, reason STRING NOT NULL,"
                        + " run_id STRING NOT NULL, created_at TIMESTAMP NOT NULL",
                "embedlake: texts that got no vector, with the reason");
    }

    private void create(TableRef table, String columns, String comment) {
        StoreTable.create(
                tables,
                table,
                "(" + columns + ") USING delta CLUSTER BY (" + FINGERPRINT + ", " + CONTENT_HASH + ") COMMENT '"
                        + comment + "'");
    }

    /** The content hashes that have a vector; a hash may come more than once. */
    public Dataset<Row> embeddedHashes(Fingerprint fingerprint) {
        return hashes(vectors, fingerprint);
    }

    /** The content hashes that were rejected; a hash may come more than once. */
    public Dataset<Row> rejectedHashes(Fingerprint fingerprint) {
        return hashes(rejected, fingerprint);
    }

    /** Whether there are vectors of a fingerprint. */
    public boolean has(Fingerprint fingerprint) {
        return tables.exists(vectors) && !vectors(fingerprint).limit(1).isEmpty();
    }

    private Dataset<Row> hashes(TableRef table, Fingerprint fingerprint) {
        if (!tables.exists(table)) {
            return tables.spark().range(0).select(lit("").as(CONTENT_HASH));
        }
        return tables.read(table)
                .where(col(FINGERPRINT).equalTo(fingerprint.hash()))
                .select(CONTENT_HASH);
    }

    /** The vectors of a fingerprint as they lie there: {@code content_hash, vector}; a hash may come more than once. */
    public Dataset<Row> vectors(Fingerprint fingerprint) {
        return tables.read(vectors)
                .where(col(FINGERPRINT).equalTo(fingerprint.hash()))
                .select(CONTENT_HASH, VECTOR);
    }

    /** The vectors of a fingerprint made shorter: {@code content_hash, vector}, each hash once. */
    public Dataset<Row> reduced(Fingerprint fingerprint, Reducer reducer) {
        return tables.read(vectors)
                .where(col(FINGERPRINT).equalTo(fingerprint.hash()))
                .select(
                        col(CONTENT_HASH).as("contentHash"),
                        col(VECTOR),
                        col(CREATED_AT).cast("double").as("createdAt"))
                .as(Encoders.bean(StoredVector.class))
                .map(new ReduceVector(reducer), Encoders.bean(StoredVector.class))
                .groupBy(col("contentHash").as(CONTENT_HASH))
                .agg(min_by(col(VECTOR), col("createdAt")).as(VECTOR));
    }

    /**
     * Appends the vectors of a wave, in one commit; a repetition of the same wave of the same run does nothing.
     *
     * @param wave rows of {@code content_hash, vector, dimension, tokens, truncated}
     */
    public void append(Dataset<Row> wave, Fingerprint fingerprint, RunId run, long waveNumber) {
        StoreTable.append(
                vectors,
                wave.select(
                        stamped(fingerprint, run, List.of(CONTENT_HASH, VECTOR, "dimension", "tokens", "truncated"))),
                run.text(),
                waveNumber);
    }

    /**
     * Appends the rejected texts of a wave, as {@link #append} does.
     *
     * @param wave rows of {@code content_hash, row_id, characters, kind, reason}
     */
    public void reject(Dataset<Row> wave, Fingerprint fingerprint, RunId run, long waveNumber) {
        StoreTable.append(
                rejected,
                wave.select(stamped(fingerprint, run, List.of(CONTENT_HASH, "row_id", "characters", "kind", "reason"))),
                run.text(),
                waveNumber);
    }

    private static Column[] stamped(Fingerprint fingerprint, RunId run, List<String> columns) {
        List<Column> all = new ArrayList<>();
        all.add(lit(fingerprint.hash()).as(FINGERPRINT));
        columns.forEach(column -> all.add(col(column)));
        all.add(lit(run.text()).as("run_id"));
        all.add(current_timestamp().as(CREATED_AT));
        return all.toArray(Column[]::new);
    }
}
