package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Column;

/**
 * Random samples that need no randomness: hashes are uniformly distributed, so those below a bound are a uniform sample of what
 * they are the hashes of, and the same one every time. Stateless.
 */
public final class HashBound {
    private static final int DIGITS = 12;

    private HashBound() {}

    /** The condition that keeps about {@code wanted} of {@code total} hashes in hexadecimal; all when there are no more. */
    public static Column below(String hash, long wanted, long total) {
        if (wanted >= total) {
            return lit(true);
        }
        long bound = (long) ((double) wanted / total * (1L << (4 * DIGITS)));
        return col(hash).lt(String.format("%0" + DIGITS + "x", bound));
    }
}
