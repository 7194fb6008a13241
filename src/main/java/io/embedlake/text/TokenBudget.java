package io.embedlake.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Cuts a list that is sorted by length, longest first, into batches whose padded size stays within a budget. Immutable.
 *
 * <p>A batch of {@code n} texts of which the longest has {@code l} tokens costs {@code n * l}, padding included. A text that
 * is longer than the budget makes a batch of its own.
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

    /** The batches, each a view of {@code sorted}, in its order. */
    public <T> List<List<T>> batches(List<T> sorted, ToIntFunction<T> tokens) {
        List<List<T>> batches = new ArrayList<>();
        for (int start = 0; start < sorted.size(); ) {
            int longest = tokens.applyAsInt(sorted.get(start));
            int room = Math.max(1, Math.min(texts, paddedTokens / longest));
            int end = Math.min(sorted.size(), start + room);
            batches.add(sorted.subList(start, end));
            start = end;
        }
        return batches;
    }
}
