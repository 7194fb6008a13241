package io.embedlake.spark.store;

import java.util.List;
import java.util.Set;

/**
 * A version of a Delta table, by what its commit did. Immutable.
 *
 * @param version counts from 0
 * @param operation such as {@code MERGE}; empty where the writer did not say
 * @param parameters the operation's parameters as one text, such as the condition of a MERGE
 * @param isOfMetadata whether it changes the schema or the properties
 * @param added the files that it adds
 * @param removed the files that it removes; a file that gets another deletion vector is removed and added
 */
public record Commit(
        long version,
        String operation,
        String parameters,
        boolean isOfMetadata,
        List<DataFile> added,
        List<DataFile> removed) {
    private static final Set<String> OF_PROPERTIES = Set.of(
            "SET TBLPROPERTIES",
            "UNSET TBLPROPERTIES",
            "CLUSTER BY",
            "ADD CONSTRAINT",
            "DROP CONSTRAINT",
            "UPGRADE PROTOCOL");

    public Commit {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
    }

    /** Whether the table's rows are as they were, in the same files or in others. */
    public boolean keepsRows() {
        return added.stream().noneMatch(DataFile::isDataChange)
                && removed.stream().noneMatch(DataFile::isDataChange);
    }

    /** Whether it removes no row. */
    public boolean keepsOldRows() {
        return removed.stream().noneMatch(DataFile::isDataChange);
    }

    /** Whether the columns are as they were. */
    public boolean keepsColumns() {
        return !isOfMetadata || OF_PROPERTIES.contains(operation);
    }

    /** Whether it brought an older version back, whose rows are anybody's. */
    public boolean isRestore() {
        return operation.equals("RESTORE") || operation.equals("CLONE");
    }
}
