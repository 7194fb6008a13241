package io.embedlake.config;

import java.io.Serializable;

/**
 * How large a job wants its batches. Immutable; prints as the job file writes it.
 *
 * @param tokens the padded tokens of a batch, or 0 when they are to be found by measuring
 */
public record BatchTokens(int tokens) implements Serializable {
    /** As many as are computed fastest. */
    public static final BatchTokens AUTO = new BatchTokens(0);

    private static final String AUTO_TEXT = "auto";

    public BatchTokens {
        if (tokens < 0) {
            throw new IllegalArgumentException("a batch holds at least one token: " + tokens);
        }
    }

    /**
     * Parses {@code auto} or a number.
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static BatchTokens parse(String text) {
        if (text.equals(AUTO_TEXT)) {
            return AUTO;
        }
        int tokens = Integer.parseInt(text);
        if (tokens < 1) {
            throw new IllegalArgumentException("a batch holds at least one token: " + tokens);
        }
        return new BatchTokens(tokens);
    }

    /** Whether the tokens are to be found by measuring. */
    public boolean isAuto() {
        return tokens == 0;
    }

    @Override
    public String toString() {
        return isAuto() ? AUTO_TEXT : Integer.toString(tokens);
    }
}
