package io.embedlake.lexical.words;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.embedlake.testing.Property;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void wordsAreLettersAndDigitsInARun() {
        assertWords("Three words, twice: three WORDS 2x!", "Three", "words", "twice", "three", "WORDS", "2x");
        assertWords("");
        assertWords(" \t\n...!?");
    }

    @Test
    void whatStandsBetweenLettersOrDigitsMayJoinThem() {
        assertWords(
                "don't it\u2019s well-known 3.14 1,000 snake_case",
                "don't",
                "it\u2019s",
                "well-known",
                "3.14",
                "1,000",
                "snake_case");
        assertWords("'quoted' end. -5 a--b trailing-", "quoted", "end", "5", "a", "b", "trailing");
        assertWords("and/or (a)b", "and", "or", "a", "b");
    }

    @Test
    void marksAndFormatCharactersBelongToTheirLetters() {
        assertWords(
                "nai\u0308ve \u0939\u093f\u0928\u094d\u0926\u0940",
                "nai\u0308ve",
                "\u0939\u093f\u0928\u094d\u0926\u0940");
        assertWords(
                "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u0301x",
                "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
                "x");
        assertWords("a\u200bb", "a", "b");
    }

    @Test
    void ideographsAndSymbolsAreWordsOfTheirOwn() {
        assertWords("\u65e5\u672c\u8a9e\u306e\u672c", "\u65e5", "\u672c", "\u8a9e", "\u306e", "\u672c");
        assertWords(
                "5\u20ac \ud83d\ude42\ud83d\ude42 \ud842\udfb7x",
                "5",
                "\u20ac",
                "\ud83d\ude42",
                "\ud83d\ude42",
                "\ud842\udfb7",
                "x");
    }

    @Test
    void partsAreWhatJoinersHoldTogether() {
        assertEquals(List.of("well", "known"), Words.parts("well-known"));
        assertEquals(List.of("3", "14"), Words.parts("3.14"));
        assertEquals(List.of("alone"), Words.parts("alone"));
    }

    @Test
    void everyTextIsCutIntoWordsThatAreWordsThemselves() {
        Property.holds(2_000, random -> {
            String text = random.ints(random.nextInt(40), 0, random.nextBoolean() ? 0x80 : 0x20000)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            for (String word : Words.of(text)) {
                assertFalse(word.isEmpty());
                assertEquals(List.of(word), Words.of(word));
            }
        });
    }

    private static void assertWords(String text, String... words) {
        assertEquals(List.of(words), Words.of(text));
    }
}
