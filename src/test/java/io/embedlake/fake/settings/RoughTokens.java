package io.embedlake.fake.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Cuts texts into tokens about as a vocabulary of English does, without one: each 12 letters of a word, each 3 digits of a number, each
 * other sign, each character of writing without spaces. Immutable.
 */
public final class RoughTokens implements ToIntFunction<String> {
    private static final int LETTERS = 12;
    private static final int DIGITS = 3;

    /**
     * Where a token stands in its text. Immutable.
     *
     * @param start in UTF-16 units, as is {@code stop}
     */
    public record Span(int start, int stop) {}

    @Override
    public int applyAsInt(String text) {
        return spans(text).size();
    }

    /** The tokens of a text, in order. */
    public static List<Span> spans(String text) {
        List<Span> spans = new ArrayList<>();
        int start = 0;
        int longest = 0;
        int length = 0;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            int limit = limit(character);
            if (length > 0 && (limit != longest || length == limit)) {
                spans.add(new Span(start, i));
                length = 0;
            }
            if (limit > 0) {
                start = length == 0 ? i : start;
                longest = limit;
                length++;
            }
            i += Character.charCount(character);
        }
        if (length > 0) {
            spans.add(new Span(start, text.length()));
        }
        return spans;
    }

    /** How many characters of this kind a token has at most; none where they only separate. */
    private static int limit(int character) {
        if (Character.isWhitespace(character)) {
            return 0;
        }
        if (Character.isDigit(character)) {
            return DIGITS;
        }
        return Character.isLetter(character) && !Character.isIdeographic(character) ? LETTERS : 1;
    }
}
