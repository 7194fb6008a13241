package io.embedlake.remote.format.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.testing.Property;
import io.embedlake.text.Texts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    private static final Frame FRAME = Frame.ofList(texts -> Map.of("input", texts));

    @Test
    void writesAndCountsWhatJacksonWrites() {
        Property.holds(2000, random -> {
            List<String> texts = random.ints(1 + random.nextInt(4), 0, 40)
                    .mapToObj(length -> text(random, length))
                    .toList();
            byte[] expected = Json.write(Map.of("input", texts)).getBytes(StandardCharsets.UTF_8);

            assertArrayEquals(expected, FRAME.body(texts));
            assertEquals(
                    expected.length,
                    FRAME.bodyBytes(
                            texts.size(),
                            texts.stream().mapToLong(JsonText::bytes).sum()));
        });
    }

    @Test
    void writesEveryHalfOfAPairAsTheReplacementCharacter() {
        Property.holds(500, random -> {
            StringBuilder text = new StringBuilder();
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                boolean half = random.nextBoolean();
                text.append(half ? (char) (0xDC00 + random.nextInt(0x400)) : 'x');
                expected.append(half ? '\uFFFD' : 'x');
            }
            byte[] body = FRAME.body(List.of(text.toString()));

            assertEquals("{\"input\":[\"" + expected + "\"]}", new String(body, StandardCharsets.UTF_8));
            assertEquals(body.length, FRAME.bodyBytes(1, JsonText.bytes(text.toString())));
            assertEquals(expected.toString(), Texts.wellFormed(text.toString()));
        });
    }

    @Test
    void leavesAWellFormedTextAsItIs() {
        String text = "a\uD83C\uDF0Db";

        assertSame(text, Texts.wellFormed(text));
    }

    @Test
    void aRequestThatLosesOrRepeatsATextMakesNoFrame() {
        assertThrows(IllegalArgumentException.class, () -> Frame.ofList(texts -> Map.of("input", texts.get(0))));
        assertThrows(IllegalArgumentException.class, () -> Frame.ofList(texts -> List.of(texts.get(1), texts.get(0))));
        assertThrows(IllegalArgumentException.class, () -> Frame.ofOne(text -> List.of(text, text)));
    }

    /** Whole code points of every length in UTF-8, control characters and quotation marks among them. */
    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int codePoint =
                    switch (random.nextInt(5)) {
                        case 0 -> random.nextInt(0x20);
                        case 1 -> "\"\\/<>&\u007F\u2028".charAt(random.nextInt(8));
                        case 2 -> random.nextInt(0x800);
                        case 3 -> 0x10000 + random.nextInt(0x100000);
                        default -> 0xE000 + random.nextInt(0x1FFE);
                    };
            text.appendCodePoint(codePoint);
        }
        return text.toString();
    }
}
