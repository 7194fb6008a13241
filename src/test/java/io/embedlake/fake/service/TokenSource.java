package io.embedlake.fake.service;

import java.util.List;
import java.util.function.Function;

/** A source of vectors that knows those of tokens too. Thread-safe. */
public interface TokenSource extends Function<String, float[]> {
    /** The tokens of a text, in order, without those that a model puts around it. */
    List<Token> tokens(String text);

    /**
     * A token. Immutable by agreement: nobody writes into its vector.
     *
     * @param start where it begins, in code points
     * @param stop where it has ended
     * @param vector as the model left it
     */
    record Token(int start, int stop, float[] vector) {}
}
