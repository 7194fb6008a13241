package io.embedlake.pipeline;

import io.embedlake.spi.EncodedInput;
import io.embedlake.text.TokenBudget;
import java.util.List;

/**
 * A fixed size; every turn has it. Immutable.
 *
 * @param budget what a batch may cost
 */
record FixedBatchSize(TokenBudget budget) implements BatchSize, BatchSize.Turn {
    @Override
    public Turn next() {
        return this;
    }

    @Override
    public int tokens() {
        return budget.paddedTokens();
    }

    @Override
    public int texts() {
        return budget.texts();
    }

    @Override
    public void done(List<EncodedInput> batch) {
        // Nothing that is measured would change the size.
    }
}
