package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.embedlake.config.TableRef;
import io.embedlake.embed.Fingerprint;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** The runs of a store, a row each: what was done, how fast and with what. Confined to the driver; jobs may share a store. */
public final class RunLog {
    private static final StructType SCHEMA = StructType.fromDDL("run_id STRING NOT NULL, job STRING NOT NULL,"
            + " status STRING NOT NULL, started_at TIMESTAMP NOT NULL, seconds DOUBLE NOT NULL, source STRING NOT NULL,"
            + " target STRING NOT NULL, target_version BIGINT, rows BIGINT, rows_published BIGINT,"
            + " columns ARRAY<STRUCT<column: STRING, model: STRING, fingerprint: STRING, reducer: STRING, digest: BIGINT,"
            + " blank: BIGINT, distinct_texts: BIGINT, already_embedded: BIGINT, embedded: BIGINT, rejected: BIGINT,"
            + " truncated: BIGINT, tokens: BIGINT, embed_seconds: DOUBLE, variance_kept: DOUBLE>>, error STRING,"
            + " versions MAP<STRING, STRING>, spec MAP<STRING, STRING>");
    private static final String SUCCEEDED = "succeeded";

    private final Tables tables;
    private final TableRef runs;

    public RunLog(Tables tables, TableRef store) {
        this.tables = tables;
        this.runs = store.sibling("_runs");
    }

    /** Adds a run. */
    public void append(RunRecord run) {
        StoreTable.create(
                tables, runs, "(" + SCHEMA.toDDL() + ") USING delta COMMENT 'embedlake: every run of this store'");
        StoreTable.append(runs, tables.spark().createDataFrame(List.of(row(run)), SCHEMA), "run " + run.run(), 1);
    }

    /** How many tokens a second the newest run that embedded anything with this fingerprint did, if there was one. */
    public OptionalDouble tokensPerSecond(Fingerprint fingerprint) {
        if (!tables.exists(runs)) {
            return OptionalDouble.empty();
        }
        return tables
                .read(runs)
                .orderBy(col("started_at").desc())
                .select(expr("inline(columns)"))
                .where(col("fingerprint").equalTo(fingerprint.hash()))
                .where(col("embed_seconds").gt(0).and(col("tokens").gt(0)))
                .select(col("tokens").divide(col("embed_seconds")))
                .limit(1)
                .collectAsList()
                .stream()
                .mapToDouble(row -> row.getDouble(0))
                .findFirst();
    }

    /**
     * The version in which the newest successful run left a target, when it published there what would be published again:
     * the same columns, made by the same models and reducers from the same texts under the same ids.
     */
    public OptionalLong publishedVersion(TableRef target, List<ColumnRecord> columns) {
        if (!tables.exists(runs)) {
            return OptionalLong.empty();
        }
        Optional<Row> newest = tables
                .read(runs)
                .where(col("target").equalTo(target.sql()).and(col("status").equalTo(SUCCEEDED)))
                .orderBy(col("started_at").desc())
                .limit(1)
                .select(
                        col("target_version"),
                        expr("transform(columns, c -> named_struct('column', c.column,"
                                + " 'fingerprint', c.fingerprint, 'reducer', c.reducer, 'digest', c.digest))"))
                .collectAsList()
                .stream()
                .findFirst();
        return newest.filter(run -> !run.isNullAt(0) && same(run.getList(1), columns))
                .map(run -> OptionalLong.of(run.getLong(0)))
                .orElseGet(OptionalLong::empty);
    }

    private static boolean same(List<Row> published, List<ColumnRecord> columns) {
        return published.equals(columns.stream()
                .map(column ->
                        RowFactory.create(column.column(), column.fingerprint(), column.reducer(), column.digest()))
                .toList());
    }

    private static Row row(RunRecord run) {
        return RowFactory.create(
                run.run().text(),
                run.job(),
                run.failure().isEmpty() ? SUCCEEDED : "failed",
                java.sql.Timestamp.from(run.startedAt()),
                run.duration().toMillis() / 1000.0,
                run.source(),
                run.target(),
                run.targetVersion().isPresent() ? run.targetVersion().getAsLong() : null,
                run.rows(),
                run.rowsPublished(),
                run.columns().stream().map(ColumnRecord::row).toArray(Row[]::new),
                run.failure().orElse(null),
                run.versions(),
                run.spec());
    }
}
