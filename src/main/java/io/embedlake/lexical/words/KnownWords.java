package io.embedlake.lexical.words;

import io.embedlake.spi.EncodedText;

/**
 * A text as the words of it that a file has. Immutable by agreement.
 *
 * @param numbers the numbers of these words in the file, in the order of the text
 * @param tokens how many words the text has, known and unknown, at least 1
 * @param unknown how many of them the file does not have, not even in part
 */
record KnownWords(int[] numbers, int tokens, int unknown) implements EncodedText {
    @Override
    public boolean truncated() {
        return false;
    }
}
