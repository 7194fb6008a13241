package io.embedlake.spi;

import java.util.Arrays;

/**
 * The parts of a text that have a vector each, in the order of the text. Immutable by agreement.
 *
 * <p>Positions count Unicode code points from 0, as SQL's and Python's functions on strings do; a Java {@code String} counts
 * UTF-16 units.
 *
 * @param starts where each part begins, {@code [parts]}
 * @param ends where each part has ended, {@code [parts]}
 */
public record Spans(int[] starts, int[] ends) {
    public Spans {
        if (starts.length != ends.length) {
            throw new IllegalArgumentException(starts.length + " starts and " + ends.length + " ends");
        }
    }

    /** How many parts there are. */
    public int count() {
        return starts.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Spans that && Arrays.equals(starts, that.starts) && Arrays.equals(ends, that.ends);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(starts) + Arrays.hashCode(ends);
    }

    @Override
    public String toString() {
        return Arrays.toString(starts) + " to " + Arrays.toString(ends);
    }
}
