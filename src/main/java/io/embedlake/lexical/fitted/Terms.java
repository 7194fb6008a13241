package io.embedlake.lexical.fitted;

import io.embedlake.lexical.words.Words;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a text is taken apart into, to be counted: the same code cuts the sample that a model is fitted on and the texts that it
 * embeds. Immutable; travels to executors.
 */
public sealed interface Terms extends Serializable {
    /** A longer word is no term: it is a line of base64 or the like, and not worth a place in a vocabulary. */
    int LONGEST = 100;

    /** The terms of a text, in order, each as often as it stands there. */
    List<String> of(String text);

    /** What the terms are and by which version of the rules; part of fingerprints and of model files, read by {@link #named}. */
    String name();

    /** Their name in messages. */
    String plural();

    /** The terms that have this name. */
    static Terms named(String name) {
        Matcher characters = Characters.NAME.matcher(name);
        if (characters.matches()) {
            return new Characters(Integer.parseInt(characters.group(1)), Integer.parseInt(characters.group(2)));
        }
        if (name.equals(new LowerCaseWords().name())) {
            return new LowerCaseWords();
        }
        throw new IllegalArgumentException("there are no terms called " + name);
    }

    /** The words of the platform {@code word-vectors}, in lower case. Immutable. */
    record LowerCaseWords() implements Terms {
        @Override
        public List<String> of(String text) {
            List<String> terms = new ArrayList<>();
            for (String word : Words.of(text)) {
                if (word.length() <= LONGEST) {
                    terms.add(word.toLowerCase(Locale.ROOT));
                }
            }
            return terms;
        }

        @Override
        public String name() {
            return "words in lower case, " + Words.VERSION;
        }

        @Override
        public String plural() {
            return "words";
        }
    }

    /**
     * The n-grams of a text's characters in lower case, spaces included: white space of any length is one space, and one stands before
     * the text and behind it. A character is a code point. Immutable.
     *
     * @param shortest the characters of the shortest n-grams
     * @param longest those of the longest
     */
    record Characters(int shortest, int longest) implements Terms {
        private static final Pattern NAME = Pattern.compile("([1-9])-([1-9])-grams of characters, version 1");

        public Characters {
            if (shortest < 1 || shortest > longest || longest > 9) {
                throw new IllegalArgumentException("no such n-grams: " + shortest + " to " + longest);
            }
        }

        @Override
        public List<String> of(String text) {
            String spaced = spaced(text.toLowerCase(Locale.ROOT));
            int[] starts = starts(spaced);
            int characters = starts.length - 1;
            List<String> terms = new ArrayList<>((longest - shortest + 1) * characters);
            for (int n = shortest; n <= longest; n++) {
                for (int from = 0; from + n <= characters; from++) {
                    // A single space carries no information.
                    if (n > 1 || spaced.charAt(starts[from]) != ' ') {
                        terms.add(spaced.substring(starts[from], starts[from + n]));
                    }
                }
            }
            return terms;
        }

        private static String spaced(String text) {
            StringBuilder spaced = new StringBuilder(text.length() + 2).append(' ');
            for (int at = 0; at < text.length(); at++) {
                char character = text.charAt(at);
                if (!Character.isWhitespace(character) && !Character.isSpaceChar(character)) {
                    spaced.append(character);
                } else if (spaced.charAt(spaced.length() - 1) != ' ') {
                    spaced.append(' ');
                }
            }
            return spaced.charAt(spaced.length() - 1) == ' '
                    ? spaced.toString()
                    : spaced.append(' ').toString();
        }

        /** Where each character begins, and where the last one has ended. */
        private static int[] starts(String text) {
            int[] starts = new int[text.codePointCount(0, text.length()) + 1];
            int characters = 0;
            for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
                starts[characters++] = at;
            }
            starts[characters] = text.length();
            return starts;
        }

        @Override
        public String name() {
            return shortest + "-" + longest + "-grams of characters, version 1";
        }

        @Override
        public String plural() {
            return "n-grams";
        }
    }
}
