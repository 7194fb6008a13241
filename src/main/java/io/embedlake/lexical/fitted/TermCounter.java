package io.embedlake.lexical.fitted;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.TokenCounter;
import java.util.List;

/**
 * Counts the terms of texts without a model, so out-of-vocabulary terms are counted too. Stateless; nothing to close.
 *
 * @param terms what texts are taken apart into
 */
record TermCounter(Terms terms) implements TokenCounter {
    /**
     * The terms of a text, at least one.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when it has none
     */
    static List<String> terms(Terms terms, String text) {
        List<String> found = terms.of(text);
        if (found.isEmpty()) {
            throw new EmbedlakeException(ErrorKind.INVALID_INPUT, "the text has no " + terms.plural());
        }
        return found;
    }

    @Override
    public EncodedInput encode(Input input) {
        String text = input.text();
        return new TermBag(new int[0], new float[0], terms(terms, text).size(), 0);
    }
}
