package io.embedlake.spark.store;

import io.embedlake.annotation.Stable;
import java.util.OptionalDouble;

/**
 * The cost of a column's texts in a run, in US dollars, and what was saved because texts are repeated or have their vectors in the store.
 * Immutable.
 *
 * @param usd the cost of the tokens that were sent; empty if the price is unknown
 * @param savedTokens about how many tokens were not sent
 * @param savedUsd what they would have cost
 */
@Stable
public record RunCost(OptionalDouble usd, long savedTokens, OptionalDouble savedUsd) {
    /** Whether a provider charges for tokens, as far as is known. */
    public boolean isCharged() {
        return usd.orElse(0) > 0 || savedUsd.orElse(0) > 0;
    }

    /** The cost of a run with nothing to do, after one that sent this many tokens. */
    RunCost repeated(long tokens) {
        OptionalDouble both = usd.isPresent() && savedUsd.isPresent()
                ? OptionalDouble.of(usd.getAsDouble() + savedUsd.getAsDouble())
                : OptionalDouble.empty();
        return new RunCost(usd.isPresent() ? OptionalDouble.of(0) : usd, savedTokens + tokens, both);
    }
}
