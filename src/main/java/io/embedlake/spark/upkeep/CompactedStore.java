package io.embedlake.spark.upkeep;

import io.embedlake.annotation.Stable;
import io.embedlake.spark.store.TableFiles;
import java.util.List;
import java.util.Optional;

/**
 * What a compaction did. Immutable.
 *
 * @param tables the tables that were compacted
 * @param forgottenRuns the rows that were removed from the log of runs
 * @param removedSpools the folders of dead runs that were removed
 */
@Stable
public record CompactedStore(List<Table> tables, long forgottenRuns, long removedSpools) {
    public CompactedStore {
        tables = List.copyOf(tables);
    }

    /**
     * A table that was compacted. Immutable.
     *
     * @param name its name
     * @param before its files before; empty where Delta does not say
     * @param after its files now; empty where Delta does not say
     */
    @Stable
    public record Table(String name, Optional<TableFiles> before, Optional<TableFiles> after) {}
}
