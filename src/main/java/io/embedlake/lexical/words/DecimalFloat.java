package io.embedlake.lexical.words;

import java.nio.charset.StandardCharsets;

/**
 * Reads decimal numbers from bytes, to the same float as {@link Float#parseFloat} and without a text for each. Stateless.
 *
 * <p>Digits that fit into 53 bits and a power of ten up to 22 are exact doubles, so that their product or quotient is rounded once
 * (Clinger, How to Read Floating Point Numbers Accurately, 1990). Rounding it again to a float can only go wrong where it stands
 * in the middle between two floats, or below the normal ones; these, and numbers of more digits, are left to {@code parseFloat}.
 */
final class DecimalFloat {
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final long LARGEST_EXACT = 1L << 53;
    private static final int MOST_DIGITS = 18;

    /** What a float lacks of a double's bits, and the first of them alone: the middle between two floats. */
    private static final long LOST_BITS = (1L << 29) - 1;

    private static final long MIDDLE = 1L << 28;

    private DecimalFloat() {}

    /**
     * The number that these bytes are: a sign or none, digits, with a point among them or none, and an exponent or none.
     *
     * @return not a number when they are no such number, infinity when it is too large
     */
    static float parse(byte[] bytes, int from, int to) {
        int at = from;
        boolean negative = at < to && bytes[at] == '-';
        if (at < to && (bytes[at] == '-' || bytes[at] == '+')) {
            at++;
        }
        long digits = 0;
        int count = 0;
        int significant = 0;
        int exponent = 0;
        boolean point = false;
        for (; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit >= 0 && digit <= 9) {
                count++;
                significant += digits > 0 || digit > 0 ? 1 : 0;
                digits = significant <= MOST_DIGITS ? 10 * digits + digit : digits;
                exponent -= point ? 1 : 0;
            } else if (bytes[at] == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        if (count == 0) {
            return Float.NaN;
        }
        if (at < to) {
            int end = exponentEnd(bytes, at, to);
            if (end < to) {
                return Float.NaN;
            }
            if (end - at > 6) {
                return slowly(bytes, from, to);
            }
            exponent += exponent(bytes, at + 1, to);
        }
        if (significant > MOST_DIGITS || digits > LARGEST_EXACT || Math.abs(exponent) >= POWERS.length) {
            return slowly(bytes, from, to);
        }
        double value = exponent < 0 ? digits / POWERS[-exponent] : digits * POWERS[exponent];
        if ((Double.doubleToRawLongBits(value) & LOST_BITS) == MIDDLE || value != 0 && value < Float.MIN_NORMAL) {
            return slowly(bytes, from, to);
        }
        return (float) (negative ? -value : value);
    }

    /** Where an exponent ends that begins here, with its {@code e}; the beginning when there is none. */
    private static int exponentEnd(byte[] bytes, int from, int to) {
        if (bytes[from] != 'e' && bytes[from] != 'E') {
            return from;
        }
        int at = from + 1;
        if (at < to && (bytes[at] == '-' || bytes[at] == '+')) {
            at++;
        }
        int digits = at;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at > digits ? at : from;
    }

    private static int exponent(byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        int value = 0;
        for (int at = negative || bytes[from] == '+' ? from + 1 : from; at < to; at++) {
            value = 10 * value + bytes[at] - '0';
        }
        return negative ? -value : value;
    }

    private static float slowly(byte[] bytes, int from, int to) {
        return Float.parseFloat(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
    }
}
