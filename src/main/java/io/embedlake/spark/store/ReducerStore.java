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
            return target.sql() + " " + column;
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
            return label + " v" + version;
        }
    }

    /** The newest reduction of a scope. */
    public Optional<Versioned> latest(Scope scope) {
        return first(scope, lit(true));
    }

    /** The reduction of a scope that has this {@linkplain Versioned#name() name}. */
    public Optional<Versioned> named(Scope scope, String name) {
        return first(scope, concat(lit(scope.label() + " v"), col("version")).equalTo(name));
    }

    private Optional<Versioned> first(Scope scope, Column condition) {
        if (!tables.exists(reducers)) {
            return Optional.empty();
        }
        Dataset<Row> rows = tables.read(reducers);
        // Tables of the first versions have PCA to float values and no label.
        Column label = concat(lit("pca-"), col("dimensions"));
        if (Arrays.asList(rows.columns()).contains("label")) {
            label = coalesce(col("label"), label);
        }
        return rows
                .where(col("scope").equalTo(scope.text()))
                .where(col("fingerprint").equalTo(scope.fingerprint().hash()))
                .where(label.equalTo(scope.label()))
                .where(condition)
                .orderBy(col("version").desc())
                .limit(1)
                .collectAsList()
                .stream()
                .findFirst()
                .map(row -> new Versioned(scope.label(), row.<Integer>getAs("version"), ReducerRow.read(row)));
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
