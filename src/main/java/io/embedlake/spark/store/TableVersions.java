package io.embedlake.spark.store;

import io.embedlake.config.TableRef;
import io.embedlake.spark.sql.AtOnce;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * The versions of the Delta tables that a run depends on. While they are as a run left them, its results are still valid.
 * Immutable.
 *
 * @param source the version that a run read; nothing when the source has no versions, as files and views have none
 * @param target nothing when there is no target yet, or others wrote it during the run
 * @param store the vectors; nothing when there is no store yet
 * @param spans the vectors of tokens and chunks; nothing when there are none
 * @param rejected the rejected texts; nothing when there is no store yet
 */
public record TableVersions(
        Optional<TableVersion> source,
        Optional<TableVersion> target,
        Optional<TableVersion> store,
        Optional<TableVersion> spans,
        Optional<TableVersion> rejected) {
    /** All versions unknown. */
    public static final TableVersions UNKNOWN =
            new TableVersions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final String SOURCE = "source";
    private static final String TARGET = "target";
    private static final String STORE = "store";
    private static final String SPANS = "spans";
    private static final String REJECTED = "rejected";

    /** The newest versions of tables. */
    public static TableVersions newest(Tables tables, TableRef source, TableRef target, TableRef vectors) {
        VectorStore store = new VectorStore(tables, vectors);
        Set<TableRef> all = new LinkedHashSet<>(List.of(source, target, vectors, store.spans(), store.rejected()));
        Map<TableRef, Optional<TableVersion>> newest = AtOnce.each(all, tables::newestVersion);
        return new TableVersions(
                newest.get(source),
                newest.get(target),
                newest.get(vectors),
                newest.get(store.spans()),
                newest.get(store.rejected()));
    }

    /**
     * What a run that began with these versions leaves behind: the source and the store as it found them, because others may have changed
     * the store while it ran. Where the run was not alone in writing the target, it is uncertain which rows it has seen, so the target's
     * version is unknown.
     *
     * @param end the newest versions at its end
     * @param commits how many of the target's versions it made
     */
    public TableVersions leave(TableVersions end, long commits) {
        long expected = target.map(TableVersion::number).orElse(-1L) + commits;
        Optional<TableVersion> left = end.target.filter(version -> version.number() == expected);
        return new TableVersions(source, left, store.or(end::store), spans.or(end::spans), rejected.or(end::rejected));
    }

    static TableVersions of(Map<String, Row> rows) {
        return new TableVersions(
                version(rows, SOURCE),
                version(rows, TARGET),
                version(rows, STORE),
                version(rows, SPANS),
                version(rows, REJECTED));
    }

    private static Optional<TableVersion> version(Map<String, Row> rows, String table) {
        return Optional.ofNullable(rows.get(table)).map(TableVersion::of);
    }

    Map<String, Row> rows() {
        Map<String, Row> rows = new TreeMap<>();
        source.ifPresent(version -> rows.put(SOURCE, version.row()));
        target.ifPresent(version -> rows.put(TARGET, version.row()));
        store.ifPresent(version -> rows.put(STORE, version.row()));
        spans.ifPresent(version -> rows.put(SPANS, version.row()));
        rejected.ifPresent(version -> rows.put(REJECTED, version.row()));
        return rows;
    }
}
