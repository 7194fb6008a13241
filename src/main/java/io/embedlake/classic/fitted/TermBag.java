package io.embedlake.classic.fitted;

import io.embedlake.embed.EncodedText;

/**
 * A text as the terms of it that a model knows. Immutable by agreement.
 *
 * @param numbers the numbers of these terms, each once, in ascending order
 * @param weights how much each counts; together of length 1
 * @param tokens how many terms the text has, known and unknown, at least 1
 */
record TermBag(int[] numbers, float[] weights, int tokens) implements EncodedText {
    @Override
    public boolean truncated() {
        return false;
    }
}
