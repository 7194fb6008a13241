package io.embedlake.remote.format;

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

    /** One of the four. */
    public enum Part {
        /** The most texts of a call. */
        TEXTS,
        /** The most tokens of a text. */
        TEXT_TOKENS,
        /** The most tokens of all texts of a call. */
        CALL_TOKENS,
        /** The most bytes of a body. */
        BODY_BYTES
    }

    /** These, with one of them no larger than this; it stays positive. */
    public Budgets capped(Part part, long most) {
        long cap = Math.max(1, most);
        return switch (part) {
            case TEXTS -> new Budgets((int) Math.min(texts, cap), textTokens, callTokens, bodyBytes);
            case TEXT_TOKENS -> new Budgets(texts, (int) Math.min(textTokens, cap), callTokens, bodyBytes);
            case CALL_TOKENS -> new Budgets(texts, textTokens, Math.min(callTokens, cap), bodyBytes);
            case BODY_BYTES -> new Budgets(texts, textTokens, callTokens, Math.min(bodyBytes, cap));
        };
    }
}
