package io.embedlake.config;

/**
 * Where a job's vectors go. Immutable.
 *
 * @param table the table that gets the vector columns
 * @param store the table that keeps every vector ever made, in full length
 * @param compact when the store's small files become large ones
 */
public record TargetSpec(TableRef table, TableRef store, Compact compact) {
    /** A target whose store is compacted when it is due. */
    public TargetSpec(TableRef table, TableRef store) {
        this(table, store, Compact.AUTO);
    }

    public TargetSpec {
        if (table.equals(store)) {
            throw new IllegalArgumentException("target and store are the same table: " + table);
        }
        if (table.isFiles() || store.isFiles()) {
            throw new IllegalArgumentException("target and store are Delta tables");
        }
    }
}
