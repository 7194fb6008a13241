package io.embedlake.spark.run;

import io.embedlake.annotation.Stable;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many texts have how many tokens, in ranges that begin at 0, 1, 2, 3, 4, 6, 8, 12 and so on: two to a doubling. Immutable.
 *
 * @param counts the texts of each range; the last one has no end
 */
@Stable
public record TokenHistogram(List<Long> counts) implements Serializable {
    private static final int[] BEGINS = begins();

    /** Without a text. */
    public static final TokenHistogram NONE = new TokenHistogram(Collections.nCopies(BEGINS.length, 0L));

    public TokenHistogram {
        if (counts.size() != BEGINS.length) {
            throw new IllegalArgumentException(counts.size() + " counts for " + BEGINS.length + " ranges");
        }
        counts = List.copyOf(counts);
    }

    private static int[] begins() {
        return IntStream.concat(
                        IntStream.of(0, 1),
                        IntStream.iterate(2, power -> power <= 1 << 15, power -> 2 * power)
                                .flatMap(power -> IntStream.of(power, power + power / 2)))
                .toArray();
    }

    /** The least number of tokens of a range. */
    public static int begin(int range) {
        return BEGINS[range];
    }

    /** How many ranges there are. */
    public static int ranges() {
        return BEGINS.length;
    }

    /** The range of a number of tokens. */
    static int range(int tokens) {
        int found = Arrays.binarySearch(BEGINS, Math.max(0, tokens));
        return found >= 0 ? found : -found - 2;
    }

    /** The texts of both. */
    public TokenHistogram plus(TokenHistogram more) {
        return new TokenHistogram(IntStream.range(0, BEGINS.length)
                .mapToObj(range -> counts.get(range) + more.counts.get(range))
                .toList());
    }

    /** All texts. */
    public long texts() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** Counts texts one by one. Mutable; confined to one thread. */
    public static final class Counter implements Serializable {
        private static final long serialVersionUID = 1L;

        private final long[] counts = new long[BEGINS.length];

        /** Counts a text. */
        public void add(int tokens) {
            counts[range(tokens)]++;
        }

        /** Counts all texts of another counter. */
        public void add(Counter other) {
            for (int range = 0; range < counts.length; range++) {
                counts[range] += other.counts[range];
            }
        }

        /** What was counted. */
        public TokenHistogram counted() {
            return new TokenHistogram(Arrays.stream(counts).boxed().toList());
        }
    }
}
