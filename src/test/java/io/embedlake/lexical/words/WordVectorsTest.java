package io.embedlake.lexical.words;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.testing.Property;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordVectorsTest {
    private static final Map<String, float[]> VECTORS = new LinkedHashMap<>();

    static {
        VECTORS.put("the", new float[] {0.25f, -1.5f, 3e-7f});
        VECTORS.put("na\u00efve", new float[] {0.1f, 0.2f, -0.3f});
        VECTORS.put("\u65e5\u672c", new float[] {1f, 0f, -0f});
        VECTORS.put("New\u00a0York", new float[] {123456.79f, -0.000123f, 7f});
        VECTORS.put("7", new float[] {2f, 3f, 4f});
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void allFormatsGiveTheSameVectors(WordFile form) {
        WordVectors read = open(form.write(folder, VECTORS));
        assertEquals(VECTORS.size(), read.words());
        VECTORS.forEach((word, vector) -> assertArrayEquals(vector, read.vector(read.find(word)), word));
        assertEquals(-1, read.find("a"));
        assertEquals(-1, read.find(""));
        assertEquals(-1, read.find("the 0.25"));
    }

    @ParameterizedTest
    @CsvSource({"GLOVE,true", "WORD2VEC_TEXT,true", "FASTTEXT,true", "WORD2VEC_BINARY,false", "GENSIM_BINARY,false"})
    void formatsAreToldByContent(WordFile form, boolean text) {
        MappedFile file = MappedFile.open(form.write(folder, VECTORS), MappedFile.SEGMENT_BYTES);
        assertEquals(text, VectorFormat.of(file) instanceof TextFormat);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 90})
    void wordsAndNumbersMayLieAcrossSegments(int segmentBytes) {
        for (WordFile form : WordFile.values()) {
            WordVectors read = WordVectors.open(form.write(folder, VECTORS), segmentBytes);
            VECTORS.forEach((word, vector) -> assertArrayEquals(vector, read.vector(read.find(word)), word));
        }
    }

    @Test
    void wordsMayHaveSpacesInThem() {
        WordVectors read = text(". 1 2\n. . . 3 4\nat name@domain.com 5 6\n");
        assertArrayEquals(new float[] {1, 2}, read.vector(read.find(".")));
        assertArrayEquals(new float[] {3, 4}, read.vector(read.find(". . .")));
        assertArrayEquals(new float[] {5, 6}, read.vector(read.find("at name@domain.com")));
    }

    @Test
    void linesMayEndAsOnWindowsAndTheLastOneNotAtAll() {
        WordVectors read = text("a 1 2\r\nb 3 4\r\n\r\nc 5 6");
        assertEquals(3, read.words());
        assertArrayEquals(new float[] {3, 4}, read.vector(read.find("b")));
        assertArrayEquals(new float[] {5, 6}, read.vector(read.find("c")));
    }

    @Test
    void aWordMayBeANumber() {
        WordVectors read = text("7 1 2\n3 100 4\n");
        assertEquals(2, read.dimension());
        assertArrayEquals(new float[] {100, 4}, read.vector(read.find("3")));
    }

    @Test
    void ofTwoVectorsOfAWordTheFirstCounts() {
        WordVectors read = text("a 1 2\nb 3 4\na 5 6\nc 7 8\n");
        assertEquals(3, read.words());
        assertArrayEquals(new float[] {1, 2}, read.vector(read.find("a")));
        assertArrayEquals(new float[] {7, 8}, read.vector(read.find("c")));
    }

    @Test
    void wordsHaveTheNumbersOfTheirPlaces() {
        WordVectors read = text("the 1 2\nof 3 4\nand 5 6\n");
        assertEquals(0, read.find("the"));
        assertEquals(2, read.find("and"));
    }

    @Test
    void findsWhatAHashMapFinds() {
        Property.holds(30, random -> {
            int words = 1 + random.nextInt(5_000);
            Map<String, float[]> expected = new HashMap<>();
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < words; i++) {
                String word = word(random);
                lines.append(word).append(' ').append(i).append(" -").append(i).append(".5\n");
                expected.putIfAbsent(word, new float[] {i, -i - 0.5f});
            }
            WordVectors read = WordVectors.open(
                    WordFile.GLOVE.write(folder, lines.toString().getBytes(StandardCharsets.UTF_8)),
                    50 + random.nextInt(10_000));
            assertEquals(expected.size(), read.words());
            expected.forEach((word, vector) -> assertArrayEquals(vector, read.vector(read.find(word)), word));
            for (int i = 0; i < words; i++) {
                String word = word(random);
                assertEquals(expected.containsKey(word), read.find(word) >= 0, word);
            }
        });
    }

    /** Short words, so that some come twice, of characters of one to four bytes. */
    private static String word(Random random) {
        return random.ints(1 + random.nextInt(4), 0, 30)
                .map(letter -> letter < 20 ? 'a' + letter : letter < 25 ? 0x3B1 + letter : 0x1F600 + letter)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private WordVectors text(String lines) {
        return open(WordFile.GLOVE.write(folder, lines.getBytes(StandardCharsets.UTF_8)));
    }

    private static WordVectors open(Path file) {
        return WordVectors.open(file, MappedFile.SEGMENT_BYTES);
    }
}
