package io.embedlake.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.embedlake.spark.store.VectorStore;
import org.apache.spark.sql.Column;

/**
 * Random samples that need no randomness: content hashes are uniformly distributed, so those below a bound are a uniform
 * sample of the distinct texts, and the same one every time. Stateless.
 */
final class HashSample {
    private static final int DIGITS = 12;

    private HashSample() {}

    /** The condition that keeps about {@code wanted} of {@code total} content hashes; all when there are no more. */
    static Column of(long wanted, long total) {
        if (wanted >= total) {
            return lit(true);
        }
        long bound = (long) ((double) wanted / total * (1L << (4 * DIGITS)));
        return col(VectorStore.CONTENT_HASH).lt(String.format("%0" + DIGITS + "x", bound));
    }

    /** Which of {@code partitions} equal ranges a content hash lies in, counted from 0. */
    static String rangeExpression(int partitions) {
        return "CAST(floor(CAST(conv(substr(" + VectorStore.CONTENT_HASH + ", 1, 8), 16, 10) AS BIGINT) * " + partitions
                + "L / 4294967296L) AS INT)";
    }
}
