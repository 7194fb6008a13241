package io.embedlake.spark;

import io.embedlake.spark.store.HashBound;
import io.embedlake.spark.store.VectorStore;
import org.apache.spark.sql.Column;

/** Parts of the distinct texts by their content hashes: random samples, and ranges of equal size. Stateless. */
final class HashSample {
    private HashSample() {}

    /** The condition that keeps about {@code wanted} of {@code total} content hashes; all when there are no more. */
    static Column of(long wanted, long total) {
        return HashBound.below(VectorStore.CONTENT_HASH, wanted, total);
    }

    /** Which of {@code partitions} equal ranges a content hash lies in, counted from 0. */
    static String rangeExpression(int partitions) {
        return "CAST(floor(CAST(conv(substr(" + VectorStore.CONTENT_HASH + ", 1, 8), 16, 10) AS BIGINT) * " + partitions
                + "L / 4294967296L) AS INT)";
    }
}
