package io.embedlake.lexical.words;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts texts into words. Stateless; the same on every platform and in every locale.
 *
 * <p>A word is a run of letters and digits with the marks and format characters on them; an apostrophe, hyphen, point, comma or underscore
 * between two letters or digits belongs to it, as in {@code don't}, {@code well-known} and {@code 3.14}. An ideograph is a word, and so is
 * a symbol such as an emoji or the sign of a currency. All else separates. These are the words of Unicode's annex 29 but for the hyphen,
 * and without its dictionaries: a language that is written without spaces in another than an ideographic script needs texts whose words are
 * separated already.
 */
public final class Words {
    /** Part of fingerprints: it changes with the rules. */
    public static final String VERSION = "version 1";

    private static final String JOINERS = "'\u2019-\u2010.,_";
    private static final int ZERO_WIDTH_SPACE = 0x200B;

    private Words() {}

    /** The words of a text, in order. */
    public static List<String> of(String text) {
        return cut(text, JOINERS);
    }

    /** What a word consists of that joiners hold together; the word alone when it has none. */
    static List<String> parts(String word) {
        return cut(word, "");
    }

    private static List<String> cut(String text, String joiners) {
        List<String> words = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int end = end(text, start, joiners);
            if (end > start) {
                words.add(text.substring(start, end));
                start = end;
            } else {
                start += Character.charCount(text.codePointAt(start));
            }
        }
        return words;
    }

    /** Where the word that begins here has ended; the beginning when none does. */
    private static int end(String text, int start, String joiners) {
        int first = text.codePointAt(start);
        int end = start + Character.charCount(first);
        if (Character.isIdeographic(first) || isSymbol(first)) {
            return end;
        }
        if (!begins(first)) {
            return start;
        }
        while (end < text.length()) {
            int character = text.codePointAt(end);
            int after = end + Character.charCount(character);
            boolean joins = joiners.indexOf(character) >= 0 && after < text.length() && begins(text.codePointAt(after));
            if (!joins && !begins(character) && !clings(character)) {
                return end;
            }
            end = after;
        }
        return end;
    }

    private static boolean begins(int character) {
        return Character.isLetterOrDigit(character) && !Character.isIdeographic(character);
    }

    private static boolean clings(int character) {
        return switch (Character.getType(character)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            case Character.FORMAT -> character != ZERO_WIDTH_SPACE;
            default -> false;
        };
    }

    private static boolean isSymbol(int character) {
        int type = Character.getType(character);
        return type == Character.OTHER_SYMBOL || type == Character.CURRENCY_SYMBOL;
    }
}
