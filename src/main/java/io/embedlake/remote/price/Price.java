package io.embedlake.remote.price;

import java.util.Objects;

/**
 * What a million tokens cost. Immutable.
 *
 * @param usdPerMillionTokens in US dollars; 0 where nobody charges for tokens
 * @param source who says so, and when
 */
public record Price(double usdPerMillionTokens, String source) {
    private static final double MILLION = 1e6;

    public Price {
        Objects.requireNonNull(source);
        if (!(usdPerMillionTokens >= 0) || Double.isInfinite(usdPerMillionTokens)) {
            throw new IllegalArgumentException("a price is a number from 0 on: " + usdPerMillionTokens);
        }
    }

    /** What so many tokens cost, in US dollars. */
    public double of(long tokens) {
        return usdPerMillionTokens * tokens / MILLION;
    }
}
