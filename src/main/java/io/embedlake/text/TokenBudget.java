package io.embedlake.text;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Cuts batches whose padded size stays within a budget off a list that is sorted by length, longest first. Immutable.
 *
 * <p>A batch of {@code n} texts of which the longest has {@code l} tokens costs {@code n * l}, padding included. A text that
 * is longer than the budget makes its own batch.
 *
 * @param paddedTokens the most that a batch may cost
 * @param texts the most texts in a batch
 */
public record TokenBudget(int paddedTokens, int texts) {
    public TokenBudget {
        if (paddedTokens < 1 || texts < 1) {
            throw new IllegalArgumentException("a batch holds at least one token and one text");
        }
    }

    /** The first batch, a view of the beginning of {@code sorted}; empty when there is nothing. */
    public <T> List<T> first(List<T> sorted, ToIntFunction<T> tokens) {
        if (sorted.isEmpty()) {
            return sorted;
        }
        int room = Math.max(1, Math.min(texts, paddedTokens / tokens.applyAsInt(sorted.get(0))));
        return sorted.subList(0, Math.min(sorted.size(), room));
    }

    /**
     * Whether a batch is as large as the budget makes it: it has no room for another text like its longest. A text that is longer than the
     * budget fills no batch, because it would be the same under another budget.
     *
     * @param sorted at least one text
     */
    public <T> boolean isFilledBy(List<T> sorted, ToIntFunction<T> tokens) {
        int longest = tokens.applyAsInt(sorted.get(0));
        return longest <= paddedTokens && sorted.size() >= Math.min(texts, paddedTokens / longest);
    }
}
