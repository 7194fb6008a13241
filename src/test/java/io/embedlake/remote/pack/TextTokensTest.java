package io.embedlake.remote.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TextTokensTest {
    private static final String SENTENCE = "The quick brown fox jumps over the lazy dog near the river bank. ";

    private final TextTokens exact = new Cl100kTokens();

    @Test
    void countsWhatOpenAiCharged() {
        assertEquals(4, exact.count("Hello, world!"));
        assertEquals(
                3,
                Stream.of("Ruby", "Python", "JavaScript")
                        .mapToLong(exact::count)
                        .sum());
    }

    @Test
    void countsWhatLooksLikeASpecialTokenAsText() {
        assertTrue(exact.count("before <|endoftext|> after") > 3);
    }

    @Test
    void countsATextWithHalfASurrogatePair() {
        assertTrue(exact.count("a\uD83Cb") > 0);
    }

    @Test
    void estimatesNoFewerTokensThanTextsOfManyScriptsHave() {
        for (String text : new String[] {
            SENTENCE, "東京は日本の首都です。人口が多い。", "Привет, как дела сегодня?", "🌍🌎🌏 emoji 🎉", "naïve façade über"
        }) {
            assertTrue(new EstimatedTokens(0).count(text) >= exact.count(text), text);
        }
    }

    @Test
    void estimatesATokenAtLeastAndWhatIsChargedForEachText() {
        assertEquals(1, new EstimatedTokens(0).count(""));
        assertEquals(3, new EstimatedTokens(2).count(""));
    }

    @Test
    void believesALargeReplyThatSaysThatTooFewWereCounted() {
        EstimatedTokens estimate = new EstimatedTokens(0);
        long before = estimate.count(SENTENCE.repeat(200));

        estimate.learn(before, 2 * before);

        long after = estimate.count(SENTENCE.repeat(200));
        assertTrue(after >= 2 * before, after + " after " + before);
    }

    @Test
    void isNotThrownOffByOneShortText() {
        EstimatedTokens estimate = new EstimatedTokens(0);
        long before = estimate.count(SENTENCE);

        estimate.learn(1, 9);

        assertTrue(estimate.count(SENTENCE) <= 1.05 * before, "" + estimate.count(SENTENCE));
    }

    @Test
    void comesDownToWhatIsChargedAndKeepsATenthBack() {
        EstimatedTokens estimate = new EstimatedTokens(0);
        String text = SENTENCE.repeat(400);
        long charged = exact.count(text);
        for (int i = 0; i < 60; i++) {
            estimate.learn(estimate.count(text), charged);
        }

        assertEquals(1.1, (double) estimate.count(text) / charged, 0.01);
    }

    @Test
    void learnsNothingFromAChargeOfNothing() {
        EstimatedTokens estimate = new EstimatedTokens(0);
        long before = estimate.count(SENTENCE);

        estimate.learn(5000, 0);
        estimate.learn(0, 5000);

        assertEquals(before, estimate.count(SENTENCE));
    }
}
