package io.embedlake.pipeline;

import io.embedlake.spi.EncodedText;
import io.embedlake.text.TokenBudget;
import java.util.List;

/** How large batches are; changes no vector. Thread-safe, so that all who share a device can share it. */
public interface BatchSize {
    /** As many texts are always allowed. */
    int FEW_TEXTS = 256;

    /** Larger batches may be filled with texts of so many tokens. */
    int SHORT_TEXT_TOKENS = 16;

    /** What the next batch may cost; whoever takes a turn cuts one batch, computes it at once and says so. */
    Turn next();

    /** The padded tokens of a batch, as far as they are known by now. */
    int tokens();

    /** The most texts that a batch may have by now, so that windows have room for one. */
    int texts();

    /** The right to one batch. Confined to one thread. */
    interface Turn {
        /** What the batch may cost. */
        TokenBudget budget();

        /**
         * Says that a batch has been computed; not called for one that failed.
         *
         * @param batch its texts, longest first
         */
        void done(List<EncodedText> batch);
    }

    /** Batches of the same size, whatever happens. */
    static BatchSize of(int paddedTokens) {
        return new FixedBatchSize(budget(paddedTokens));
    }

    /** A budget of so many tokens, which only very short texts do not use up: windows would grow without end for them. */
    static TokenBudget budget(int paddedTokens) {
        return new TokenBudget(paddedTokens, Math.max(FEW_TEXTS, paddedTokens / SHORT_TEXT_TOKENS));
    }
}
