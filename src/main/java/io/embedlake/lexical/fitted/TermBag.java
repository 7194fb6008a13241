package io.embedlake.lexical.fitted;

import io.embedlake.spi.EncodedInput;

/**
 * The terms of a text that are in a model's vocabulary. Immutable by convention.
 *
 * @param numbers the numbers of these terms, each once, in ascending order
 * @param weights how much each counts; together of length 1
 * @param tokens how many terms the text has, out-of-vocabulary ones included, at least 1
 * @param unknown how many of them are out of vocabulary
 */
record TermBag(int[] numbers, float[] weights, int tokens, int unknown) implements EncodedInput {}
