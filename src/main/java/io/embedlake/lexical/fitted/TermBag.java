package io.embedlake.lexical.fitted;

import io.embedlake.spi.EncodedText;

/**
 * A text as the terms of it that a model knows. Immutable by agreement.
 *
 * @param numbers the numbers of these terms, each once, in ascending order
 * @param weights how much each counts; together of length 1
 * @param tokens how many terms the text has, known and unknown, at least 1
 * @param unknown how many of them the model does not know
 */
record TermBag(int[] numbers, float[] weights, int tokens, int unknown) implements EncodedText {
    @Override
    public boolean truncated() {
        return false;
    }
}
