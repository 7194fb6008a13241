package io.embedlake.lexical.words;

import io.embedlake.spi.EncodedInput;

/**
 * The words of a text that are in a file's vocabulary. Immutable by convention.
 *
 * @param numbers the numbers of these words in the file, in the order of the text
 * @param tokens how many words the text has, out-of-vocabulary ones included, at least 1
 * @param unknown how many of them are out of vocabulary, in their parts too
 */
record KnownWords(int[] numbers, int tokens, int unknown) implements EncodedInput {}
