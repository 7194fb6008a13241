package io.embedlake.lexical.fitted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.testing.Serial;
import java.util.List;
import org.junit.jupiter.api.Test;

class TermsTest {
    private static final Terms WORDS = new Terms.LowerCaseWords();

    @Test
    void wordsAreThoseOfWordVectorsInLowerCaseAndAsOftenAsTheyStand() {
        assertEquals(List.of("the", "well-known", "the", "猫", "€"), WORDS.of("The well-known, THE 猫 €!"));
    }

    @Test
    void longestWordIsKeptAndALongerOneIsNoTerm() {
        String longest = "x".repeat(Terms.LONGEST);
        assertEquals(List.of(longest, "b"), WORDS.of(longest + " " + longest + "x b"));
    }

    @Test
    void ngramsSpanWordsAndTheEndsOfTheText() {
        assertEquals(
                List.of("a", "b", "c", " a", "ab", "b ", " c", "c ", " ab", "ab ", "b c", " c "),
                new Terms.Characters(1, 3).of("Ab\t\u00a0 C"));
    }

    @Test
    void ngramsCountCodePoints() {
        assertEquals(List.of(" 😀", "😀é", "é "), new Terms.Characters(2, 2).of("😀é"));
    }

    @Test
    void textsShorterThanTheNgramsHaveNone() {
        assertEquals(List.of(), new Terms.Characters(4, 4).of("a"));
        assertEquals(List.of(" ab "), new Terms.Characters(4, 9).of("ab"));
    }

    @Test
    void areFoundByTheirNames() {
        for (Terms terms : List.of(WORDS, new Terms.Characters(2, 5))) {
            assertEquals(terms, Terms.named(terms.name()));
            assertEquals(terms, Serial.roundTrip(terms));
        }
        assertThrows(IllegalArgumentException.class, () -> Terms.named("syllables, version 1"));
        assertThrows(IllegalArgumentException.class, () -> new Terms.Characters(3, 2));
    }
}
