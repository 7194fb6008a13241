package io.embedlake.lexical.words;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.TokenCounter;
import java.util.List;

/** Counts the words of texts without a file, so out-of-vocabulary words are counted too. Stateless; nothing to close. */
final class WordCounter implements TokenCounter {
    /**
     * The words of a text, at least one.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when it has none
     */
    static List<String> words(String text) {
        List<String> words = Words.of(text);
        if (words.isEmpty()) {
            throw new EmbedlakeException(ErrorKind.INVALID_INPUT, "the text has no words");
        }
        return words;
    }

    @Override
    public EncodedInput encode(Input input) {
        String text = input.text();
        return new KnownWords(new int[0], words(text).size(), 0);
    }
}
