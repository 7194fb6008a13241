package io.embedlake.spark.index;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import io.embedlake.spark.sql.KeptRows;
import io.embedlake.spark.store.TableChange;
import io.embedlake.spark.store.TableVersion;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.EmbedlakeException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The index of a column as runs see it: they build it, and make it follow the table. Confined to the driver.
 *
 * <p>What has changed is read from the table's own log, so that it does not matter who changed it. An index that is of other vectors, that
 * cannot follow, or whose cells fit no longer is built anew.
 */
public final class ColumnIndex {
    /** Above this share of changed files the whole table is read. */
    private static final double MOST_CHANGED = 0.5;

    /** Above this share of rows that have come since the cells were fitted, they are fitted anew. */
    private static final double MOST_SINCE_FIT = 0.5;

    /** As many runs leave many small files. */
    private static final int MOST_RUNS = 64;

    /** Rows that are farther from their centroids than the fitted ones by this much, in cosine, have drifted. */
    private static final double MOST_DRIFT = 0.1;

    private static final int LEAST_FOR_DRIFT = 1000;
    private static final String HASH = "hash";

    private final Tables tables;
    private final IndexedColumn column;
    private final OptionalInt lists;
    private final IndexTables index;
    private final Clock clock;

    /** @param lists how many cells the job asks for, if it does */
    public ColumnIndex(Tables tables, IndexedColumn column, OptionalInt lists, Clock clock) {
        this.tables = tables;
        this.column = column;
        this.lists = lists;
        this.index = new IndexTables(tables, column.store(), column.scope());
        this.clock = clock;
    }

    /** Whether it is of the table's newest version, and as the job asks for it. */
    public boolean isCurrent() {
        return index.hasCells()
                && index.state()
                        .filter(this::isAsked)
                        .filter(state -> Optional.of(state.target()).equals(tables.newestVersion(column.table())))
                        .isPresent();
    }

    private boolean isAsked(IndexState state) {
        return state.isOf(column)
                && state.lists().equals(lists.isPresent() ? Integer.toString(lists.getAsInt()) : "auto");
    }

    /**
     * Makes it follow the table, or builds it.
     *
     * @param name a name that no other run has
     * @param phases is told what is done
     * @throws EmbedlakeException {@code STORAGE} when it cannot be read or written
     */
    public void follow(String name, Consumer<String> phases) {
        Optional<TableVersion> newest = tables.newestVersion(column.table());
        if (newest.isEmpty() || isCurrent()) {
            return;
        }
        Optional<String> why =
                index.state().filter(this::isAsked).isEmpty() ? Optional.of("") : update(newest.get(), phases);
        why.ifPresent(reason -> {
            phases.accept("Building the search index of " + column.column() + reason);
            new IndexBuild(tables, column, index, clock).build(newest.get(), lists, name);
        });
    }

    /** Builds it anew, with cells fitted to the rows of today. */
    public void build(String name, Consumer<String> phases) {
        phases.accept("Building the search index of " + column.column());
        tables.newestVersion(column.table())
                .ifPresent(newest -> new IndexBuild(tables, column, index, clock).build(newest, lists, name));
    }

    /** Why it must be built anew; nothing when it was brought up to date. */
    private Optional<String> update(TableVersion newest, Consumer<String> phases) {
        IndexState state = index.state().orElseThrow();
        Optional<IndexFit> fit = index.fit(state.fit());
        Optional<TableChange> change = tables.change(column.table(), state.target(), newest);
        if (fit.isEmpty() || change.isEmpty()) {
            return Optional.of(" anew: what has changed since it was built is unknown");
        }
        if (change.get().share() > MOST_CHANGED || state.runs() >= MOST_RUNS) {
            return Optional.of(" anew: much has changed since it was built");
        }
        phases.accept("Updating the search index of " + column.column());
        try {
            return update(newest, state, fit.get(), change.get());
        } catch (EmbedlakeException e) {
            return Optional.of(" anew: what has changed since it was built cannot be read");
        }
    }

    private Optional<String> update(TableVersion newest, IndexState state, IndexFit fit, TableChange change) {
        Dataset<Row> before = column.vectorsOf(tables, change.before(), fit.lengths());
        Dataset<Row> after = column.vectorsOf(tables, change.after(), fit.lengths());
        Dataset<Row> moved = IndexBuild.entries(
                without(after, before), fit.cells(), fit.lengths().code(column), fit.name());
        try (KeptRows gone = KeptRows.of(without(before, after).select(ids()));
                KeptRows come = KeptRows.of(moved)) {
            if (fit.rows() * MOST_SINCE_FIT < state.changed() + come.count()) {
                return Optional.of(" anew: many rows have come since its cells were fitted");
            }
            if (come.count() >= LEAST_FOR_DRIFT && fit.cosine() - cosine(come.rows()) > MOST_DRIFT) {
                return Optional.of(" anew: new rows are far from its cells");
            }
            index.restore(state);
            if (gone.count() > 0) {
                index.remove(gone.rows(), column);
            }
            if (come.count() > 0) {
                index.append(come.rows().coalesce(1).sortWithinPartitions(IndexTables.CELL));
            }
            index.set(new IndexState(
                    state.scope(),
                    state.fingerprint(),
                    state.reducer(),
                    state.lists(),
                    newest,
                    index.newest(),
                    state.fit(),
                    state.changed() + come.count(),
                    state.runs() + (come.count() > 0 ? 1 : 0)));
            return Optional.empty();
        }
    }

    private static double cosine(Dataset<Row> rows) {
        return rows.agg(avg(IndexTables.COSINE)).first().getDouble(0);
    }

    private Column[] ids() {
        return column.idColumns().toArray(Column[]::new);
    }

    /** Rows that the others do not have with the same vectors in the same file. */
    private Dataset<Row> without(Dataset<Row> rows, Dataset<Row> others) {
        List<Column> vectors = new ArrayList<>(List.of(col(IndexedColumn.FILE), col(IndexedColumn.VECTOR)));
        column.full().ifPresent(name -> vectors.add(col(IndexedColumn.FULL)));
        Column hash = xxhash64(vectors.toArray(Column[]::new));
        Dataset<Row> right = others.withColumn(HASH, hash).select(and(ids(), col(HASH)));
        Dataset<Row> left = rows.withColumn(HASH, hash);
        Column same = left.col(HASH).equalTo(right.col(HASH));
        for (int i = 0; i < column.ids().size(); i++) {
            same = same.and(left.col(IndexedColumn.id(i)).equalTo(right.col(IndexedColumn.id(i))));
        }
        return left.join(right, same, "left_anti").drop(HASH);
    }

    private static Column[] and(Column[] columns, Column other) {
        List<Column> all = new ArrayList<>(List.of(columns));
        all.add(other);
        return all.toArray(Column[]::new);
    }
}
