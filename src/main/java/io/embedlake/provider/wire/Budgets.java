package io.embedlake.provider.wire;

/**
 * What one call may hold; a call keeps to all four. Immutable.
 *
 * @param texts the most texts
 * @param textTokens the most tokens of a text
 * @param callTokens the most tokens of all its texts
 * @param bodyBytes the most bytes of its body, as sent
 */
public record Budgets(int texts, int textTokens, long callTokens, long bodyBytes) {
    public Budgets {
        if (texts < 1 || textTokens < 1 || callTokens < 1 || bodyBytes < 1) {
            throw new IllegalArgumentException(
                    "budgets are positive: " + texts + ", " + textTokens + ", " + callTokens + ", " + bodyBytes);
        }
    }
}
