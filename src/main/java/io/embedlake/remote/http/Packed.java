package io.embedlake.remote.http;

import io.embedlake.spi.Outcome;
import java.util.List;
import java.util.Objects;

/** What a packer makes of the next texts. */
public sealed interface Packed {
    /**
     * Texts for one call, which keeps to the budgets of its wire format. Immutable.
     *
     * @param texts at least one, in the order of the input
     */
    record Batch(List<PreparedText> texts) implements Packed {
        public Batch {
            texts = List.copyOf(texts);
            if (texts.isEmpty()) {
                throw new IllegalArgumentException("a batch has texts");
            }
        }
    }

    /**
     * A text that is not sent. Immutable.
     *
     * @param outcome why
     */
    record Unsent(Outcome.Refused outcome) implements Packed {
        public Unsent {
            Objects.requireNonNull(outcome);
        }
    }
}
