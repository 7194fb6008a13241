package io.embedlake.spark.index;

import io.embedlake.spark.store.TableVersion;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an index is of, as the table with its entries says in its properties: they are written last, so that a half-written index is the one
 * before. Immutable.
 *
 * @param scope the table and column
 * @param fingerprint what made the full vectors
 * @param reducer the version of the reduction
 * @param lists how many cells the job asked for
 * @param target the version of the table whose rows the entries are
 * @param entries the version of the entries
 * @param fit names the cells
 * @param changed how many rows have come into the entries since the cells were fitted
 * @param runs in how many runs
 */
record IndexState(
        String scope,
        String fingerprint,
        String reducer,
        String lists,
        TableVersion target,
        long entries,
        String fit,
        long changed,
        int runs) {
    private static final String PREFIX = "embedlake.index.";

    /** From a table's properties; nothing when they are missing or damaged. */
    static Optional<IndexState> of(Map<String, String> properties) {
        try {
            return Optional.of(new IndexState(
                    value(properties, "scope"),
                    value(properties, "fingerprint"),
                    value(properties, "reducer"),
                    value(properties, "lists"),
                    new TableVersion(value(properties, "target"), Long.parseLong(value(properties, "target-version"))),
                    Long.parseLong(value(properties, "entries")),
                    value(properties, "fit"),
                    Long.parseLong(value(properties, "changed")),
                    Integer.parseInt(value(properties, "runs"))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String value(Map<String, String> properties, String name) {
        String value = properties.get(PREFIX + name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return value;
    }

    /** As properties. */
    Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        properties.put(PREFIX + "scope", scope);
        properties.put(PREFIX + "fingerprint", fingerprint);
        properties.put(PREFIX + "reducer", reducer);
        properties.put(PREFIX + "lists", lists);
        properties.put(PREFIX + "target", target.table());
        properties.put(PREFIX + "target-version", Long.toString(target.number()));
        properties.put(PREFIX + "entries", Long.toString(entries));
        properties.put(PREFIX + "fit", fit);
        properties.put(PREFIX + "changed", Long.toString(changed));
        properties.put(PREFIX + "runs", Integer.toString(runs));
        return properties;
    }

    /** Whether the entries are vectors that this column has now, as far as the model and reduction go. */
    boolean isOf(IndexedColumn column) {
        return scope.equals(column.scope().text())
                && fingerprint.equals(column.fingerprint())
                && reducer.equals(column.reducer());
    }
}
