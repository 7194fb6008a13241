package io.embedlake.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "\ud83d\ude42 emoji \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
                "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u202bx\u202c",
                "\u0000\u0001\u001f\u007f\u0085\ufeff\uffff",
                "  e\u0301 \u00e9 \r\n\t ",
                "\ud83d\ude42\ud83d\ude42"
            })
    void leavesWellFormedTextsAlone(String text) {
        assertSame(text, Texts.wellFormed(text));
    }

    @ParameterizedTest
    @CsvSource({
        "\ud83d, \ufffd",
        "\ude42, \ufffd",
        "a\ud83d, a\ufffd",
        "\ude42a, \ufffda",
        "\ude42\ud83d, \ufffd\ufffd",
        "\ud83d\ud83d\ude42, \ufffd\ud83d\ude42",
        "\ud83d\ude42\ude42, \ud83d\ude42\ufffd",
        "\ude42\ud83d\ude42\ud83d, \ufffd\ud83d\ude42\ufffd",
        "x\ud83dy\ude42z, x\ufffdy\ufffdz"
    })
    void replacesEachLoneSurrogateAndNothingElse(String text, String expected) {
        assertEquals(expected, Texts.wellFormed(text));
    }

    @Test
    void wellFormedTextsSurviveUtf8AndKeepTheirLength() {
        char[] alphabet = {'a', '\ud83d', '\ude42', '\ud800', '\udfff', ' '};
        Property.holds(5_000, random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(alphabet[random.nextInt(alphabet.length)]);
            }
            String wellFormed = Texts.wellFormed(text.toString());
            byte[] bytes = wellFormed.getBytes(StandardCharsets.UTF_8);
            assertEquals(wellFormed, new String(bytes, StandardCharsets.UTF_8));
            assertEquals(text.length(), wellFormed.length());
            assertEquals(wellFormed, Texts.wellFormed(wellFormed));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\t\r\n\u000b\f",
                "\u0085",
                "\u00a0",
                "\u1680",
                "\u2003",
                "\u2028\u2029",
                "\u202f",
                "\u205f",
                "\u3000"
            })
    void textsOfWhiteSpaceAreBlank(String text) {
        assertTrue(Texts.isBlank(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u200b",
                "\ufeff",
                "\u2060",
                "\u180e",
                "\u0000",
                "\u001c",
                " . ",
                "\u3000x\u3000",
                "\ud83d\ude42",
                "\ufffd"
            })
    void textsWithAnythingElseAreNot(String text) {
        assertFalse(Texts.isBlank(text));
    }

    @Test
    void contentHashIsTheSha256OfTheUtf8Bytes() {
        assertEquals(
                "a370fa04ece0ee9648384ed98cd25b0152481cbb5307eee35031c0dd6ab2f36a",
                Texts.contentHash("h\u00e9llo \ud83d\ude42"));
        assertEquals("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Texts.contentHash(""));
    }
}
