package io.embedlake.spark.store;

import io.embedlake.annotation.Stable;
import java.util.OptionalDouble;

/**
 * What a provider was paid for a column's texts in a run, in US dollars, and what was not paid because texts are repeated or have their
 * vectors in the store. Immutable.
 *
 * @param usd what the tokens that were sent cost; empty where nobody knows the price
 * @param savedTokens about how many tokens were not sent
 * @param savedUsd what they would have cost
 */
@Stable
public record RunCost(OptionalDouble usd, long savedTokens, OptionalDouble savedUsd) {
    /** Whether a provider charges for tokens, as far as is known. */
    public boolean isCharged() {
        return usd.orElse(0) > 0 || savedUsd.orElse(0) > 0;
    }

    /** The bill of a run with nothing to do, after one that sent so many tokens. */
    RunCost repeated(long tokens) {
        OptionalDouble both = usd.isPresent() && savedUsd.isPresent()
                ? OptionalDouble.of(usd.getAsDouble() + savedUsd.getAsDouble())
                : OptionalDouble.empty();
        return new RunCost(usd.isPresent() ? OptionalDouble.of(0) : usd, savedTokens + tokens, both);
    }
}
