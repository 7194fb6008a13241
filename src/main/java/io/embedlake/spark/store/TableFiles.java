package io.embedlake.spark.store;

import io.embedlake.annotation.Stable;

/**
 * How many files a table has, and how large they are together. Immutable.
 *
 * @param count the files
 * @param bytes their length
 */
@Stable
public record TableFiles(long count, long bytes) {
    private static final long LARGE_BYTES = 128L << 20;

    /** How many files are there that would not be if all were large. */
    public long small() {
        return Math.max(0, count - 1 - bytes / LARGE_BYTES);
    }
}
