package io.embedlake.local;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.TokenCounter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of texts that are longer than the model reads. */
class LongTextRulesTest {
    private static final String LONG =
            IntStream.range(0, 50).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));

    @TempDir
    Path folder;

    @Test
    void textsThatAreTooLongAreRejectedWhenTheJobSaysSo() {
        EmbedderSpec spec = MiniLm.describe(Optional.empty(), Map.of("max-tokens", "16", "long-text", "error"));
        try (Embedder embedder = MiniLm.PLATFORM.load(spec, Device.CPU)) {
            List<Outcome> outcomes = MiniLm.outcomes(embedder, List.of("short", LONG));
            assertInstanceOf(Outcome.Embedded.class, outcomes.get(0));
            Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, outcomes.get(1));
            assertEquals(ErrorKind.INVALID_INPUT, refused.kind());
            assertEquals(
                    "the text has more than the 16 tokens that the model reads (long-text is error)", refused.reason());
        }
    }

    @Test
    void piecesOverlapAndHaveTheSpecialTokensOfAWholeText() {
        List<TokenIds> pieces = split(Map.of("max-tokens", "20", "long-text-overlap", "5"), LONG)
                .sequences();
        long[] whole = tokens(LONG, 256);
        for (TokenIds piece : pieces) {
            assertTrue(piece.tokens() <= 20);
            assertEquals(whole[0], piece.ids()[0]);
            assertEquals(whole[whole.length - 1], piece.ids()[piece.tokens() - 1]);
        }
        for (int i = 1; i < pieces.size(); i++) {
            long[] before = pieces.get(i - 1).ids();
            assertArrayEquals(
                    java.util.Arrays.copyOfRange(before, before.length - 6, before.length - 1),
                    java.util.Arrays.copyOfRange(pieces.get(i).ids(), 1, 6));
        }
        long content = pieces.stream().mapToLong(piece -> piece.tokens() - 2).sum();
        assertEquals(whole.length - 2, content - 5L * (pieces.size() - 1));
    }

    @Test
    void everyPieceHasThePrompt() {
        List<TokenIds> pieces =
                split(Map.of("max-tokens", "20", "prompt", "passage: "), LONG).sequences();
        long[] prompt = tokens("passage: ", 256);
        for (TokenIds piece : pieces) {
            assertArrayEquals(
                    java.util.Arrays.copyOf(prompt, prompt.length - 1),
                    java.util.Arrays.copyOf(piece.ids(), prompt.length - 1));
        }
    }

    @Test
    void theVectorOfALongTextIsTheMeanOfItsPieces() {
        EmbedderSpec spec = MiniLm.describe(
                Optional.empty(),
                Map.of("max-tokens", "20", "long-text", "split-mean", "long-text-overlap", "0", "normalize", "false"));
        try (Embedder embedder = MiniLm.PLATFORM.load(spec, Device.CPU);
                EmbeddingSession session = embedder.open()) {
            SplitText split = (SplitText) session.encode(LONG);
            List<EncodedInput> pieces = List.copyOf(split.sequences());
            List<float[]> vectors = session.embed(pieces);
            float[] expected = new float[384];
            for (int piece = 0; piece < pieces.size(); piece++) {
                for (int i = 0; i < expected.length; i++) {
                    expected[i] += vectors.get(piece)[i] * pieces.get(piece).tokens() / split.tokens();
                }
            }
            List<float[]> together = session.embed(List.of(session.encode("before"), split, session.encode("after")));
            assertArrayEquals(expected, together.get(1), 1e-5f);
            assertArrayEquals(session.embed(List.of(session.encode("after"))).get(0), together.get(2), 1e-5f);
        }
    }

    @Test
    void aTextThatFitsIsNotSplit() {
        EmbedderSpec spec = MiniLm.describe(Optional.empty(), Map.of("long-text", "split-mean"));
        try (TokenCounter counter = MiniLm.PLATFORM.counter(spec)) {
            assertInstanceOf(TokenIds.class, counter.encode("short"));
            assertFalse(counter.encode(LONG.repeat(10)).truncated());
        }
        assertEquals("32", spec.setting("long-text-overlap"));
        assertNotEquals(MiniLm.SPEC.fingerprint(), spec.fingerprint());
    }

    @Test
    void refusesPiecesThatWouldHardlyGetOn() throws IOException {
        assertMisconfigured(
                () -> MiniLm.describe(
                        Optional.empty(),
                        Map.of("max-tokens", "20", "long-text", "split-mean", "long-text-overlap", "10")),
                "with an overlap of 10 tokens (less than half of the 20 that it reads)");
        Path onnx = MiniLm.directory(folder);
        assertMisconfigured(
                () -> MiniLm.describe(onnx, Map.of("long-text", "split-mean")),
                "long-text is split-mean, and an ONNX network's texts are not split");
        assertMisconfigured(
                () -> MiniLm.describe(onnx, Map.of("long-text", "split-rows")),
                "long-text is split-rows, and an ONNX network's texts are not split");
    }

    @Test
    void refusesAPromptThatLeavesNoRoomForTheText() {
        EmbedderSpec spec =
                MiniLm.describe(Optional.empty(), Map.of("max-tokens", "8", "prompt", "a prompt of too many words: "));
        assertMisconfigured(
                () -> MiniLm.PLATFORM.counter(spec).close(),
                "it takes 7 of the 8 tokens that the model reads (at least 4 have to be left for the text)");
    }

    @Test
    void aBatchThatDoesNotFitIsHalvedUntilItDoes() {
        List<Integer> batch = IntStream.range(0, 13).boxed().toList();
        RuntimeException tooMuch = new IllegalStateException("out of memory");
        List<Integer> sizes = new java.util.ArrayList<>();
        List<Integer> results = Halving.compute(
                batch,
                part -> {
                    sizes.add(part.size());
                    if (part.size() > 3) {
                        throw tooMuch;
                    }
                    return part;
                },
                failure -> failure == tooMuch);
        assertEquals(batch, results);
        assertEquals(List.of(13, 6, 3, 3, 7, 3, 4, 2, 2), sizes);
        assertThrows(
                EmbedlakeException.class,
                () -> Halving.compute(
                        batch,
                        part -> {
                            throw new EmbedlakeException(ErrorKind.INVALID_INPUT, "another failure");
                        },
                        failure -> failure == tooMuch));
    }

    private static SplitText split(Map<String, String> options, String text) {
        Map<String, String> splitting = new java.util.TreeMap<>(options);
        splitting.put("long-text", "split-mean");
        try (TokenCounter counter = MiniLm.PLATFORM.counter(MiniLm.describe(Optional.empty(), splitting))) {
            return assertInstanceOf(SplitText.class, counter.encode(text));
        }
    }

    private static long[] tokens(String text, int maxTokens) {
        EmbedderSpec spec = MiniLm.describe(Optional.empty(), Map.of("max-tokens", String.valueOf(maxTokens)));
        try (TokenCounter counter = MiniLm.PLATFORM.counter(spec)) {
            return ((TokenIds) counter.encode(text)).ids();
        }
    }
}
