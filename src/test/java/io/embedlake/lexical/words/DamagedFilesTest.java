package io.embedlake.lexical.words;

import static io.embedlake.testing.Refusals.assertRefused;

import io.embedlake.spi.ErrorKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedFilesTest {
    @TempDir
    Path folder;

    @Test
    void emptyFilesAreRefused() {
        refuses("", "it is empty");
    }

    @Test
    void linesWithTooFewNumbersAreNamed() {
        refuses("a 1 2 3\nb 1 2\nc 1 2 3\n", "line 2 has 2 numbers instead of 3");
        refuses("2 3\na 1 2 3\nb 1\n", "line 3 has 1 numbers instead of 3");
        refuses("123456\n", "line 1 has 0 numbers; 1 to 65536 are possible");
    }

    @Test
    void firstLinesThatSayTooLittleAreFoundOut() {
        refuses("2 2\na 1 2 3\nb 1 2 3\n", "line 2 has more than 2 numbers");
        refuses("a 1 2\nb 1 2 3\n", "line 2 has more than 2 numbers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "NaN", "nan", "Infinity", "-inf", "1e39", "0x1p3", "1f", "1.2.3", "--1", "e5", "1e", "."})
    void numbersThatAreNoneAreNamed(String number) {
        refuses("a 1 2 3\nb 1 " + number + " 3\n", "line 2: the number 2 of 3 is no finite decimal number");
    }

    @Test
    void twoSpacesAreANumberThatIsNone() {
        refuses("a 1 2 3\nb 1  3\n", "line 2: the number 2 of 3 is no finite decimal number");
    }

    @ParameterizedTest
    @CsvSource({"0 3, line 1 promises 0 words", "2 0, line 1 promises vectors of 0 numbers; 1 to 65536 are possible"})
    void headersOfNothingAreRefused(String header, String why) {
        refuses(header + "\na 1 2 3\nb 1 2 3\n", why);
    }

    @Test
    void headersOfAbsurdVectorsAreRefused() {
        refuses("2 65537\na 1 2 3\nb 1 2 3\n", "line 1 promises vectors of 65537 numbers; 1 to 65536 are possible");
    }

    @Test
    void headersThatPromiseMoreWordsThanThereAreTellATruncatedFile() {
        refuses("3 3\na 1 2 3\nb 1 2 3\n", "line 1 promises 3 words, and the file ends after 2");
        refuses(
                "400000 3\na 1 2 3\nb 1 2 3\n",
                "line 1 promises 400000 words with 3 numbers each, too many for its 25 bytes");
    }

    @Test
    void headersThatPromiseFewerWordsThanThereAreAreRefused() {
        refuses("1 3\na 1 2 3\nb 1 2 3\n", "line 1 promises 1 words, and line 3 is one more");
    }

    @Test
    void binaryFilesCutInTheMiddleAreRefused() {
        byte[] whole = WordFile.GENSIM_BINARY.bytes(vectors(0.1f, -0.2f));
        for (int length = 34; length < whole.length; length++) {
            refuses(Arrays.copyOf(whole, length), "it ends at byte " + length + " within the word 2 of 2");
        }
    }

    @Test
    void binaryFilesWithTooLittleForTheirHeaderAreRefused() {
        byte[] whole = WordFile.GENSIM_BINARY.bytes(vectors(0.1f, -0.2f));
        refuses(Arrays.copyOf(whole, 33), "line 1 promises 2 words with 4 numbers each, too many for its 33 bytes");
    }

    @Test
    void binaryFilesWithMoreThanTheyPromiseAreRefused() {
        byte[] whole = WordFile.WORD2VEC_BINARY.bytes(vectors(0.1f, -0.2f));
        byte[] longer = Arrays.copyOf(whole, whole.length + 3);
        refuses(longer, "line 1 promises 2 words, and byte " + whole.length + " comes after them");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void binaryNumbersThatAreNotFiniteAreNamed(float number) {
        refuses(
                WordFile.GENSIM_BINARY.bytes(vectors(0.1f, number)),
                "byte 40: the number 4 of the word 2 is not finite");
    }

    @Test
    void otherFilesAreRefused() {
        refuses(
                new byte[] {0x2f, 0x4f, 0x16, (byte) 0xba, 12, 0, 0, 0},
                "it is neither text of GloVe, word2vec or fastText nor word2vec's binary format");
        refuses(
                "Once upon a time there was a file of prose.\nIt had no vectors.\n",
                "it is neither text of GloVe, word2vec or fastText nor word2vec's binary format");
    }

    @Test
    void packedFilesAreToBeUnpacked() {
        refusesPacked(new byte[] {0x1f, (byte) 0x8b, 8, 0}, "gzip");
        refusesPacked(new byte[] {'P', 'K', 3, 4, 20}, "zip");
    }

    private void refusesPacked(byte[] bytes, String how) {
        Path file = WordFile.GLOVE.write(folder, bytes);
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot read the word vectors " + file + " (it is packed with " + how
                        + ", and only plain files can be mapped). Unpack it, and name the unpacked file in the key model.",
                () -> WordVectors.open(file, MappedFile.SEGMENT_BYTES));
    }

    @Test
    void filesThatMayNotBeReadAreRefused() {
        Path missing = folder.resolve("missing");
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot read the word vectors " + missing + " (the file is not there, or may not be read)."
                        + " Give the job read access to it, or change the key model.",
                () -> WordVectors.open(missing, MappedFile.SEGMENT_BYTES));
    }

    @Test
    void linesWithoutAnEndAreRefused() throws Exception {
        Path file = folder.resolve("long");
        Files.write(file, "1 ".repeat(9_000_000).getBytes(StandardCharsets.UTF_8));
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot read the word vectors " + file + " (line 1 has more than 16777216 bytes)."
                        + " Get the file again, or change the key model.",
                () -> WordVectors.open(file, MappedFile.SEGMENT_BYTES));
    }

    private static Map<String, float[]> vectors(float first, float last) {
        Map<String, float[]> vectors = new LinkedHashMap<>();
        vectors.put("alpha", new float[] {first, -0.7f, 0.25f, -0.1f});
        vectors.put("b", new float[] {0.3f, -0.4f, 0.6f, last});
        return vectors;
    }

    private void refuses(String text, String why) {
        refuses(text.getBytes(StandardCharsets.UTF_8), why);
    }

    private void refuses(byte[] bytes, String why) {
        Path file = WordFile.GLOVE.write(folder, bytes);
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot read the word vectors " + file + " (" + why + "). Get the file again, or change the key model.",
                () -> WordVectors.open(file, MappedFile.SEGMENT_BYTES));
    }
}
