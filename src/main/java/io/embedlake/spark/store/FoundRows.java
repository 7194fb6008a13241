package io.embedlake.spark.store;

import java.util.Arrays;
import org.apache.parquet.io.api.Binary;

/** Rows of a group of a file that have an asked hash, in their order. Confined to one thread. */
final class FoundRows {
    private long[] rows = new long[16];
    private String[] hashes = new String[16];
    private int count;

    void add(long row, Binary hash) {
        if (count == rows.length) {
            rows = Arrays.copyOf(rows, 2 * count);
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        rows[count] = row;
        hashes[count++] = hash.toStringUsingUTF8();
    }

    int count() {
        return count;
    }

    /** The number of a row within its group, from 0. */
    long row(int found) {
        return rows[found];
    }

    String hash(int found) {
        return hashes[found];
    }

    /** Whether one of them is in a range of rows, bounds included. */
    boolean anyBetween(long first, long last) {
        return PagedFile.anyBetween(rows, count, first, last);
    }
}
