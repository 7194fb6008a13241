package io.embedlake.spark.change;

import io.embedlake.spark.store.DataFile;
import java.util.List;

/**
 * The files of a Delta table that hold all rows which may have changed between two versions. Immutable.
 *
 * @param now the files of the later version with new or changed rows, among others
 * @param before the files that these rows were in, and those of rows that are gone
 */
public record ChangedFiles(List<DataFile> now, List<DataFile> before) {
    public ChangedFiles {
        now = List.copyOf(now);
        before = List.copyOf(before);
    }

    /** Whether no row can have changed. */
    public boolean areNone() {
        return now.isEmpty() && before.isEmpty();
    }
}
