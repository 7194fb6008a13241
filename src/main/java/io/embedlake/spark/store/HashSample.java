package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Column;

/**
 * Parts of what has a hash: random samples, and ranges of equal size. Hashes are uniformly distributed, so those below a bound are a
 * uniform sample of what they are the hashes of, and the same one every time. Stateless.
 */
public final class HashSample {
    private static final int DIGITS = 12;

    private HashSample() {}

    /** The condition that keeps about {@code wanted} of {@code total} content hashes; all when there are no more. */
    public static Column of(long wanted, long total) {
        return of(VectorStore.CONTENT_HASH, wanted, total);
    }

    /** The same for a column of other hashes in hexadecimal. */
    static Column of(String hash, long wanted, long total) {
        if (wanted >= total) {
            return lit(true);
        }
        long bound = (long) ((double) wanted / total * (1L << (4 * DIGITS)));
        return col(hash).lt(String.format("%0" + DIGITS + "x", bound));
    }

    /** The index of the one of {@code partitions} equal ranges that contains a content hash, from 0. */
    public static String rangeExpression(int partitions) {
        return "CAST(floor(CAST(conv(substr(" + VectorStore.CONTENT_HASH + ", 1, 8), 16, 10) AS BIGINT) * " + partitions
                + "L / 4294967296L) AS INT)";
    }
}
