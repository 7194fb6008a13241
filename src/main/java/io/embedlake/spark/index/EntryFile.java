package io.embedlake.spark.index;

import io.embedlake.spark.store.LiveFile;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A file with entries. Immutable; travels to executors.
 *
 * @param number its number among those of the index
 * @param first the least cell in it
 * @param last the greatest cell in it
 */
record EntryFile(int number, LiveFile file, int first, int last) implements Serializable {
    /** Whether it may have entries of these cells, which are sorted. */
    boolean hasAny(int[] cells) {
        return anyBetween(cells, first, last);
    }

    /** Whether one of these cells, which are sorted, is in a range, bounds included. */
    static boolean anyBetween(int[] cells, int first, int last) {
        int at = Arrays.binarySearch(cells, first);
        int next = at < 0 ? -at - 1 : at;
        return next < cells.length && cells[next] <= last;
    }
}
