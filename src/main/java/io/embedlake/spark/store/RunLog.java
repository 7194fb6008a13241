package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.not;

import io.embedlake.config.TableRef;
import io.embedlake.spi.Fingerprint;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** The runs of a store, a row each: what was done, how fast and with what. Confined to the driver; jobs may share a store. */
public final class RunLog {
    private static final StructType SCHEMA = StructType.fromDDL("run_id STRING NOT NULL, job STRING NOT NULL,"
            + " status STRING NOT NULL, started_at TIMESTAMP NOT NULL, seconds DOUBLE NOT NULL, source STRING NOT NULL,"
            + " target STRING NOT NULL,"
            + " tables MAP<STRING, STRUCT<table_id: STRING, version: BIGINT>>, rows BIGINT, rows_published BIGINT,"
            + " columns ARRAY<STRUCT<column: STRING, model: STRING, fingerprint: STRING, reducer: STRING, digest: BIGINT,"
            + " blank: BIGINT, distinct_texts: BIGINT, already_embedded: BIGINT, embedded: BIGINT, rejected: BIGINT,"
            + " rejected_by_kind: MAP<STRING, BIGINT>, vectors: BIGINT, truncated: BIGINT, split: BIGINT, tokens: BIGINT, unknown: BIGINT, call_caps: MAP<STRING, BIGINT>,"
            + " embed_seconds: DOUBLE,"
            + " usd: DOUBLE, saved_tokens: BIGINT, saved_usd: DOUBLE, inputs: STRING, "
            + ReductionRecord.FIELDS + ">>, error STRING,"
            + " versions MAP<STRING, STRING>, spec MAP<STRING, STRING>, look STRING");
    private static final String SUCCEEDED = "succeeded";

    private final Tables tables;
    private final TableRef store;
    private final TableRef runs;

    public RunLog(Tables tables, TableRef store) {
        this.tables = tables;
        this.store = store;
        this.runs = store.sibling("_runs");
    }

    /** Adds a run; the caller adds each run once. */
    public void append(RunRecord run) {
        StoreTable.create(
                tables, runs, "(" + SCHEMA.toDDL() + ") USING delta COMMENT 'embedlake: every run of this store'");
        Dataset<Row> row = tables.spark().createDataFrame(List.of(row(run)), SCHEMA);
        Optional<TableVersion> before = tables.seenVersion(runs);
        StoreTable.append(runs, row);
        Optional<TableVersion> now = tables.seenVersion(runs);
        boolean isNext = before.isPresent()
                && now.isPresent()
                && now.get().equals(before.get().next());
        if (isNext) {
            RunRecord written = read(row.collectAsList().get(0));
            if (before.get().number() == 0) {
                // It was just made, and held no run.
                Remembered.keep(tables, before.get(), new Success(run.job(), run.target()), Optional.empty());
            }
            Remembered.<Success, Optional<RunRecord>>carry(
                    tables, before.get(), now.get(), Success.class, (asked, found) -> asked.newer(found, written));
        }
    }

    /** Asks for the newest success of a job. Immutable. */
    record Success(String job, String target) {
        private Optional<RunRecord> newer(Optional<RunRecord> found, RunRecord written) {
            boolean isNewer = written.status().equals(SUCCEEDED)
                    && written.job().equals(job)
                    && written.target().equals(target)
                    && found.filter(run -> run.startedAt().isAfter(written.startedAt()))
                            .isEmpty();
            return isNewer ? Optional.of(written) : found;
        }
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

    /** The newest run of a job that succeeded in publishing to a target. */
    public Optional<RunRecord> newestSuccess(String job, TableRef target) {
        if (!tables.exists(runs)) {
            return Optional.empty();
        }
        Success asked = new Success(job, target.sql());
        return Remembered.of(tables, runs, asked, () -> newest(asked));
    }

    private Optional<RunRecord> newest(Success asked) {
        return tables
                .read(runs)
                .where(col("job")
                        .equalTo(asked.job())
                        .and(col("target").equalTo(asked.target()))
                        .and(col("status").equalTo(SUCCEEDED)))
                .orderBy(col("started_at").desc())
                .limit(1)
                .collectAsList()
                .stream()
                .findFirst()
                .map(RunLog::read);
    }

    /** The job of a run, by key; empty when there is no such run. */
    public Optional<Map<String, String>> job(RunId run) {
        if (!tables.exists(runs)) {
            return Optional.empty();
        }
        return Remembered.of(
                tables,
                runs,
                run,
                () ->
                        tables
                                .read(runs)
                                .where(col("run_id").equalTo(run.text()))
                                .select("spec")
                                .limit(1)
                                .collectAsList()
                                .stream()
                                .findFirst()
                                .map(row -> row.getJavaMap(0)));
    }

    /**
     * Removes runs that are old, but for those that something goes back to: the newest success of each job and target, the newest run that
     * embedded anything with a fingerprint and so knows its speed and what calls its server takes, and runs that made a reducer, a model
     * or a column of a target.
     *
     * @param oldest runs since then stay
     * @return how many were removed
     */
    public long forget(Instant oldest) {
        if (!tables.exists(runs)) {
            return 0;
        }
        Dataset<Row> old = tables.read(runs).where(col("started_at").lt(Timestamp.from(oldest)));
        if (old.isEmpty()) {
            return 0;
        }
        Set<String> kept = new TreeSet<>();
        kept.addAll(newest(tables.read(runs).where(col("status").equalTo(SUCCEEDED)), "job", "target"));
        kept.addAll(newest(
                tables.read(runs)
                        .select(col("run_id"), col("started_at"), expr("inline(columns)"))
                        .where(col("embedded").gt(0)),
                "fingerprint"));
        kept.addAll(makers());
        Column forgotten = col("started_at")
                .lt(Timestamp.from(oldest))
                .and(not(col("run_id").isInCollection(kept)));
        long count = tables.read(runs).where(forgotten).count();
        if (count > 0) {
            Failures.on("write the table " + runs, "Check that it can be written.", () -> tables.delta(runs)
                    .delete(forgotten));
        }
        return count;
    }

    private static List<String> newest(Dataset<Row> rows, String... of) {
        return rows.groupBy(Stream.of(of).map(functions::col).toArray(Column[]::new))
                .agg(max_by(col("run_id"), col("started_at")).as("run_id"))
                .select("run_id")
                .as(Encoders.STRING())
                .collectAsList();
    }

    private Set<String> makers() {
        Set<String> runs = new TreeSet<>();
        new ReducerStore(tables, store)
                .saved()
                .ifPresent(all -> all.forEach(one -> runs.add(one.run().text())));
        new ModelStore(tables, store)
                .saved()
                .ifPresent(all -> all.forEach(one -> runs.add(one.run().text())));
        for (TableRef target : targets()) {
            if (tables.exists(target)) {
                tables.properties(target).forEach((property, value) -> {
                    if (property.matches("embedlake\\..+\\.run")) {
                        runs.add(value);
                    }
                });
            }
        }
        return runs;
    }

    /** All runs, a row each; nothing where none has been logged. */
    public Optional<Dataset<Row>> rows() {
        return tables.exists(runs) ? Optional.of(tables.read(runs)) : Optional.empty();
    }

    /** The tables that runs have published to. */
    public List<TableRef> targets() {
        return tables.exists(runs)
                ? tables.read(runs).select("target").distinct().as(Encoders.STRING()).collectAsList().stream()
                        .sorted()
                        .map(TableRef::parse)
                        .toList()
                : List.of();
    }

    private static RunRecord read(Row row) {
        return new RunRecord(
                new RunId(row.getAs("run_id")),
                row.getAs("job"),
                row.<Timestamp>getAs("started_at").toInstant(),
                Duration.ofMillis(Math.round(row.<Double>getAs("seconds") * 1000)),
                row.getAs("source"),
                row.getAs("target"),
                TableVersions.of(row.getJavaMap(row.fieldIndex("tables"))),
                row.<Long>getAs("rows"),
                row.<Long>getAs("rows_published"),
                row.<Row>getList(row.fieldIndex("columns")).stream()
                        .map(ColumnRecord::of)
                        .toList(),
                Optional.ofNullable(row.getAs("error")),
                row.getJavaMap(row.fieldIndex("versions")),
                row.getJavaMap(row.fieldIndex("spec")),
                row.schema().getFieldIndex("look").isDefined() && !row.isNullAt(row.fieldIndex("look"))
                        ? row.getAs("look")
                        : "");
    }

    private static Row row(RunRecord run) {
        return RowFactory.create(
                run.run().text(),
                run.job(),
                run.status(),
                Timestamp.from(run.startedAt()),
                run.duration().toMillis() / 1000.0,
                run.source(),
                run.target(),
                run.tables().rows(),
                run.rows(),
                run.rowsPublished(),
                run.columns().stream().map(ColumnRecord::row).toArray(Row[]::new),
                run.failure().orElse(null),
                run.versions(),
                run.spec(),
                run.look());
    }
}
