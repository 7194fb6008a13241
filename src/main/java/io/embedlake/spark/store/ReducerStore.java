package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;

import io.embedlake.config.TableRef;
import io.embedlake.reduce.quality.Fit;
import io.embedlake.spi.Fingerprint;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The fitted reductions of a store, each with a version in its scope: a target's column. A version once saved never changes.
 * Confined to the driver; jobs may share a store.
 */
public final class ReducerStore {
    private final Tables tables;
    private final TableRef reducers;

    public ReducerStore(Tables tables, TableRef store) {
        this.tables = tables;
        this.reducers = store.sibling("_reducers");
    }

    /**
     * What a reduction is for: it is fitted on one column's vectors and used for no other.
     *
     * @param target the table that the vectors are published in
     * @param column the vector column
     * @param fingerprint what made the full vectors
     * @param label the requested reduction, such as {@code pca-64}
     */
    public record Scope(TableRef target, String column, Fingerprint fingerprint, String label) {
        String text() {
            return new ColumnScope(target, column).text();
        }
    }

    /**
     * A reduction with its place in the store.
     *
     * @param label the requested reduction, such as {@code pca-64}
     * @param version counts from 1 within the scope
     * @param fit the reduction
     */
    public record Versioned(String label, int version, Fit fit) {
        /** Such as {@code pca-64 v1}. */
        public String name() {
            return nameOf(label, version);
        }
    }

    /**
     * A reduction of any scope, which is not read yet.
     *
     * @param column the column that it was fitted on
     * @param fingerprint the hash of what made the full vectors
     * @param label the requested reduction, such as {@code pca-64}
     * @param version counts from 1 within the scope
     * @param run the run that fitted it
     */
    public record Saved(ColumnScope column, String fingerprint, String label, int version, RunId run) {
        /** Such as {@code pca-64 v1}. */
        public String name() {
            return nameOf(label, version);
        }
    }

    private static String nameOf(String label, int version) {
        return label + " v" + version;
    }

    /** The reductions of all scopes, newest first; nothing where the store has no table for them. */
    public Optional<List<Saved>> saved() {
        if (!tables.exists(reducers)) {
            return Optional.empty();
        }
        Dataset<Row> rows = tables.read(reducers);
        return Optional.of(rows
                .orderBy(col("created_at").desc())
                .select(col("scope"), col("fingerprint"), label(rows), col("version"), col("run_id"))
                .collectAsList()
                .stream()
                .map(row -> new Saved(
                        ColumnScope.parse(row.getString(0)),
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3),
                        new RunId(row.getString(4))))
                .toList());
    }

    /** The newest version of the table; nothing where there is none. */
    public Optional<TableVersion> version() {
        return tables.newestVersion(reducers);
    }

    /** The newest reduction of a scope. */
    public Optional<Versioned> latest(Scope scope) {
        return first(scope.text(), scope.fingerprint().hash(), scope.label(), lit(true));
    }

    /** The reduction of a scope that has this {@linkplain Versioned#name() name}. */
    public Optional<Versioned> named(Scope scope, String name) {
        return first(
                scope.text(),
                scope.fingerprint().hash(),
                scope.label(),
                concat(lit(scope.label() + " v"), col("version")).equalTo(name));
    }

    /** The reduction itself. */
    public Fit fit(Saved saved) {
        return first(
                        saved.column().text(),
                        saved.fingerprint(),
                        saved.label(),
                        col("version").equalTo(saved.version()))
                .orElseThrow()
                .fit();
    }

    /** Tables of the first versions have PCA to float values and no label. */
    private static Column label(Dataset<Row> rows) {
        Column first = concat(lit("pca-"), col("dimensions"));
        return Arrays.asList(rows.columns()).contains("label") ? coalesce(col("label"), first) : first;
    }

    private Optional<Versioned> first(String scope, String fingerprint, String label, Column condition) {
        if (!tables.exists(reducers)) {
            return Optional.empty();
        }
        return Remembered.of(
                tables,
                reducers,
                List.of(scope, fingerprint, label, condition.toString()),
                () -> read(scope, fingerprint, label, condition));
    }

    private Optional<Versioned> read(String scope, String fingerprint, String label, Column condition) {
        Dataset<Row> rows = tables.read(reducers);
        return rows
                .where(col("scope").equalTo(scope))
                .where(col("fingerprint").equalTo(fingerprint))
                .where(label(rows).equalTo(label))
                .where(condition)
                .orderBy(col("version").desc())
                .limit(1)
                .collectAsList()
                .stream()
                .findFirst()
                .map(row -> new Versioned(label, row.<Integer>getAs("version"), ReducerRow.read(row)));
    }

    /**
     * Saves the next version. When another job saved it in the meantime, that one stays and is the answer, so that a column is never
     * made by two.
     *
     * @param before the newest version that the caller has seen, 0 when there is none
     */
    public Versioned save(Scope scope, int before, Fit fit, RunId run, Instant now) {
        StoreTable.create(
                tables,
                reducers,
                "(" + ReducerRow.SCHEMA.toDDL()
                        + ") USING delta COMMENT 'embedlake: fitted reductions, by scope and version'");
        int version = before + 1;
        Row row = ReducerRow.of(scope, version, fit, run, now);
        String application =
                "reducer " + scope.text() + " " + scope.fingerprint().hash() + " " + scope.label();
        StoreTable.appendIfFirst(tables, reducers, row, ReducerRow.SCHEMA, application, version);
        return latest(scope).orElseThrow();
    }
}
