package io.embedlake.spark.store;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/** Content hashes that are looked for, in order. Immutable; travels to executors. */
final class AskedHashes implements Serializable {
    private static final long serialVersionUID = 1L;

    private final byte[][] sorted;

    AskedHashes(Collection<String> hashes) {
        this.sorted = hashes.stream()
                .map(hash -> hash.getBytes(StandardCharsets.UTF_8))
                .sorted(Arrays::compareUnsigned)
                .toArray(byte[][]::new);
    }

    boolean contains(ByteBuffer hash) {
        int at = firstFrom(hash);
        return at < sorted.length && compare(sorted[at], hash) == 0;
    }

    /** Whether one of them is in a range, bounds included. */
    boolean anyBetween(ByteBuffer least, ByteBuffer most) {
        int at = firstFrom(least);
        return at < sorted.length && compare(sorted[at], most) <= 0;
    }

    private int firstFrom(ByteBuffer least) {
        int from = 0;
        int to = sorted.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (compare(sorted[middle], least) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private static int compare(byte[] hash, ByteBuffer other) {
        int most = Math.min(hash.length, other.remaining());
        for (int i = 0; i < most; i++) {
            int order = (hash[i] & 0xff) - (other.get(other.position() + i) & 0xff);
            if (order != 0) {
                return order;
            }
        }
        return hash.length - other.remaining();
    }
}
