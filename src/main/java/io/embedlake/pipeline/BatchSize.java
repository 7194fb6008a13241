package io.embedlake.pipeline;

import io.embedlake.spi.EncodedInput;
import io.embedlake.text.TokenBudget;
import java.util.List;

/** How large batches are; changes no vector. Thread-safe, so that all who share a device can share it. */
public interface BatchSize {
    /** As many texts are always allowed. */
    int FEW_TEXTS = 256;

    /** Texts of at most this many tokens may fill larger batches. */
    int SHORT_TEXT_TOKENS = 16;

    /** The size of the next batch; the caller cuts one batch, computes it at once and reports it. */
    Turn next();

    /** The current limit on the padded tokens of a batch. */
    int tokens();

    /** The most texts that a batch may have by now, so that windows have room for one. */
    int texts();

    /** The right to one batch. Confined to one thread. */
    interface Turn {
        /** What the batch may cost. */
        TokenBudget budget();

        /**
         * Reports a computed batch; not called for one that failed.
         *
         * @param batch its texts, longest first
         */
        void done(List<EncodedInput> batch);
    }

    /** Batches of a fixed size. */
    static BatchSize of(int paddedTokens) {
        return new FixedBatchSize(budget(paddedTokens));
    }

    /** A budget of this many tokens; windows of very short texts end earlier, because they would grow too large. */
    static TokenBudget budget(int paddedTokens) {
        return new TokenBudget(paddedTokens, Math.max(FEW_TEXTS, paddedTokens / SHORT_TEXT_TOKENS));
    }
}
