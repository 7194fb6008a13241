package io.embedlake.lexical;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.TokenCounter;
import io.embedlake.testing.Property;
import io.embedlake.text.Texts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashingPlatformTest {
    private static final HashingPlatform PLATFORM = new HashingPlatform();

    @Test
    void vectorsStayTheSameInEveryVersion() {
        float[] vector = vector(
                "The quick brown fox jumps over the lazy dog, na\u00efvely: \u65e5\u672c\u8a9e \ud83d\ude42!", 16);
        assertArrayEquals(
                new float[] {
                    0.22222905f,
                    -0.090838365f,
                    0.27298754f,
                    0.0f,
                    -0.23998831f,
                    -0.22222905f,
                    -0.032999225f,
                    -0.5129758f,
                    0.14038418f,
                    0.27298754f,
                    -0.28837806f,
                    0.28837806f,
                    0.38037246f,
                    0.1837194f,
                    -0.22222905f,
                    0.090838365f
                },
                vector);
    }

    @Test
    void theSameTextAlwaysHasTheSameVector() {
        Property.holds(200, random -> {
            String text = random.ints(1 + random.nextInt(60), 0x21, 0x3000)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .append('x')
                    .toString();
            assertArrayEquals(vector(text, 128), vector(text, 128));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "7",
                ".",
                "a few words",
                "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
                "\u0645\u0631\u062d\u0628\u0627",
                "\u4f60\u597d\uff0c\u4e16\u754c",
                "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
                "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
                "\u0000",
                "\u0007\u001b\u007f",
                "\ufffd"
            })
    void vectorsHaveUnitLengthWhateverTheText(String text) {
        float[] vector = vector(text, 512);
        assertEquals(512, vector.length);
        assertEquals(1, dot(vector, vector), 1e-5);
    }

    @Test
    void everyCharacterThatIsNotBlankHasAVector() {
        try (EmbeddingSession session = open(16)) {
            for (int character = 0; character <= Character.MAX_CODE_POINT; character++) {
                String text = Character.toString(character);
                assertEquals(!Texts.isBlank(text), isTaken(session, text), "U+" + Integer.toHexString(character));
            }
        }
    }

    @Test
    void relatedTextsAreCloserThanUnrelatedOnes() {
        float[] text = vector("The delivery was late and the parcel was damaged", 512);
        float[] typo = vector("The delivry was late and the parcels were damaged", 512);
        float[] related = vector("A damaged parcel, delivered too late", 512);
        float[] unrelated = vector("Photosynthesis turns sunlight into sugar", 512);
        assertTrue(dot(text, typo) > dot(text, related));
        assertTrue(dot(text, related) > dot(text, unrelated) + 0.1);
    }

    @Test
    void letterCaseDoesNotMatter() {
        assertArrayEquals(vector("\u00c9COLE Stra\u00dfe", 512), vector("\u00e9cole stra\u00dfe", 512));
    }

    @Test
    void tenMillionCharactersAreATextLikeAnyOther() {
        float[] vector = vector("word ".repeat(2_000_000), 512);
        assertEquals(1, dot(vector, vector), 1e-5);
        float[] letters = vector("x".repeat(10_000_000), 512);
        assertEquals(1, dot(letters, letters), 1e-5);
    }

    @Test
    void tokensAreWordsAndNothingIsTruncated() {
        try (TokenCounter counter = PLATFORM.counter(spec(512))) {
            EncodedInput text = counter.encode("Three words, twice: three words!");
            assertEquals(8, text.tokens());
            assertFalse(text.truncated());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 512, 65_536})
    void vectorsAreAsLongAsTheJobAsks(int dimensions) {
        try (Embedder embedder = PLATFORM.load(spec(dimensions), Device.CPU)) {
            assertEquals(dimensions, embedder.dimension());
        }
        float[] vector = vector("some words of a text", dimensions);
        assertEquals(dimensions, vector.length);
        assertEquals(1, dot(vector, vector), 1e-5);
    }

    @Test
    void vectorsHave512DimensionsUnlessTheJobSaysOtherwise() {
        EmbedderSpec spec = PLATFORM.describe(new EmbedderRequest(Optional.empty(), Map.of()));
        assertEquals(spec(512), spec);
        assertEquals("hashing to 512", spec.label());
        assertEquals(
                "dimensions=512;features=words and 3-5-grams, version 1;platform=hashing",
                spec.fingerprint().canonical());
    }

    @Test
    void anotherDimensionIsAnotherFingerprint() {
        assertNotEquals(spec(512).fingerprint(), spec(513).fingerprint());
        assertEquals(spec(513).fingerprint(), spec(513).fingerprint());
    }

    @Test
    void doesNotRunOnAGpu() {
        assertEquals(0, PLATFORM.visibleGpus());
        assertMisconfigured(
                () -> PLATFORM.load(spec(512), new Device(0)),
                "Cannot run the platform hashing on gpu 0 (it computes on the processor). Set device to cpu.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\r\n", "\u00a0\u2003\u3000\u2028"})
    void textsWithoutAWordAreRefused(String text) {
        try (EmbeddingSession session = open(512)) {
            assertRefused(
                    ErrorKind.INVALID_INPUT,
                    "the text has no words, so that no feature can be hashed",
                    () -> session.encode(text));
        }
    }

    @Test
    void wordsThatCancelEachOtherOutStillGiveAVector() {
        IntStream.range(0x21, 0x30).forEach(first -> IntStream.range(0x21, 0x30).forEach(second -> {
            float[] vector = vector(Character.toString(first) + Character.toString(second), 2);
            assertEquals(1, dot(vector, vector), 1e-5);
        }));
    }

    private static boolean isTaken(EmbeddingSession session, String text) {
        try {
            session.encode(text);
            return true;
        } catch (EmbedlakeException e) {
            assertEquals(ErrorKind.INVALID_INPUT, e.kind());
            return false;
        }
    }

    private static float[] vector(String text, int dimensions) {
        try (EmbeddingSession session = open(dimensions)) {
            return session.embed(List.of(session.encode(text))).get(0);
        }
    }

    private static EmbeddingSession open(int dimensions) {
        return PLATFORM.load(spec(dimensions), Device.CPU).open();
    }

    private static EmbedderSpec spec(int dimensions) {
        return PLATFORM.describe(
                new EmbedderRequest(Optional.empty(), Map.of("dimensions", String.valueOf(dimensions))));
    }

    private static double dot(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += (double) left[i] * right[i];
        }
        return sum;
    }
}
