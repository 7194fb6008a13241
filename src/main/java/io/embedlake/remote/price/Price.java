package io.embedlake.remote.price;

import java.util.Objects;

/**
 * What a million tokens cost. Immutable.
 *
 * @param usdPerMillionTokens in US dollars; 0 where tokens are free
 * @param source where the price was published, and when
 */
public record Price(double usdPerMillionTokens, String source) {
    private static final double MILLION = 1e6;

    public Price {
        Objects.requireNonNull(source);
        if (!(usdPerMillionTokens >= 0) || Double.isInfinite(usdPerMillionTokens)) {
            throw new IllegalArgumentException("a price is a number from 0 on: " + usdPerMillionTokens);
        }
    }

    /** The cost of this many tokens, in US dollars. */
    public double of(long tokens) {
        return usdPerMillionTokens * tokens / MILLION;
    }
}
