package io.embedlake.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.pipeline.EmbeddingPipeline.Item;
import io.embedlake.pipeline.EmbeddingPipeline.Result;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.testing.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingPipelineTest {
    private static final int WINDOW_TEXTS = EmbeddingPipeline.MOST_SHORT_TEXTS;
    private static final int BATCH_TOKENS = 4096;

    /** Ways in which an answer for a batch that holds a bad text breaks its contract, with the sentence for the row alone. */
    private enum Breakage {
        TOO_FEW("the model answered with 0 vectors for 1 texts") {
            @Override
            void spoil(List<float[]> vectors, int at) {
                vectors.remove(at);
            }
        },
        TOO_MANY("the model answered with 2 vectors for 1 texts") {
            @Override
            void spoil(List<float[]> vectors, int at) {
                vectors.add(at, new float[FakeEmbedder.DIMENSION]);
            }
        },
        TOO_SHORT("the model answered with a vector of 2 values instead of 3") {
            @Override
            void spoil(List<float[]> vectors, int at) {
                vectors.set(at, new float[] {1, 2});
            }
        },
        TOO_LONG("the model answered with a vector of 4 values instead of 3") {
            @Override
            void spoil(List<float[]> vectors, int at) {
                vectors.set(at, new float[] {1, 2, 3, 4});
            }
        },
        ZEROS("the model answered with a vector of zeros") {
            @Override
            void spoil(List<float[]> vectors, int at) {
                vectors.set(at, new float[FakeEmbedder.DIMENSION]);
            }
        },
        NOT_A_NUMBER("the model answered with a vector with the value NaN") {
            @Override
            void spoil(List<float[]> vectors, int at) {
                vectors.set(at, new float[] {1, Float.NaN, 3});
            }
        },
        INFINITE("the model answered with a vector with the value Infinity") {
            @Override
            void spoil(List<float[]> vectors, int at) {
                vectors.set(at, new float[] {1, 2, Float.POSITIVE_INFINITY});
            }
        },
        NEGATIVELY_INFINITE("the model answered with a vector with the value -Infinity") {
            @Override
            void spoil(List<float[]> vectors, int at) {
                vectors.set(at, new float[] {Float.NEGATIVE_INFINITY, 2, 3});
            }
        };

        private final String sentence;

        Breakage(String sentence) {
            this.sentence = sentence;
        }

        abstract void spoil(List<float[]> vectors, int at);
    }

    @Test
    void keepsTheOrderOfUnsortedTextsOverSeveralWindows() {
        Property.holds(5, random -> {
            List<String> texts = IntStream.range(0, 3_500)
                    .mapToObj(i -> i + " " + "x".repeat(random.nextInt(300)))
                    .toList();
            FakeEmbedder embedder = FakeEmbedder.answering(FakeEmbedder::vectors);
            List<Result<Integer>> results = run(embedder, texts);
            assertEquals(texts.size(), results.size());
            for (int i = 0; i < texts.size(); i++) {
                assertEquals(i, results.get(i).key());
                assertEmbedded(texts.get(i), results.get(i));
            }
        });
    }

    @Test
    void everyItemEndsAsAVectorOrARefusal() {
        Property.holds(20, random -> {
            List<String> texts = IntStream.range(0, 1_500)
                    .mapToObj(i -> switch (random.nextInt(20)) {
                        case 0 -> "bad " + i;
                        case 1 -> "unreadable " + i;
                        default -> "good " + i + "x".repeat(random.nextInt(50));
                    })
                    .toList();
            FakeEmbedder embedder = new FakeEmbedder(failOn("unreadable", ErrorKind.INVALID_INPUT), batch -> {
                batch.forEach(failOn("bad", ErrorKind.INVALID_INPUT));
                return FakeEmbedder.vectors(batch);
            });
            List<Result<Integer>> results = run(embedder, texts);
            assertEquals(texts.size(), results.size());
            for (int i = 0; i < texts.size(); i++) {
                if (texts.get(i).startsWith("good")) {
                    assertEmbedded(texts.get(i), results.get(i));
                } else {
                    assertRefusal(ErrorKind.INVALID_INPUT, "no such text", results.get(i));
                }
            }
        });
    }

    @Test
    void carriesTokensAndTruncationAlong() {
        List<Result<Integer>> results =
                run(FakeEmbedder.answering(FakeEmbedder::vectors), List.of("four", "truncated"));
        assertEquals(
                new Outcome.Embedded(FakeEmbedder.vector("four"), Optional.empty(), 4, 0, 1, false),
                results.get(0).outcome());
        assertEquals(
                new Outcome.Embedded(FakeEmbedder.vector("truncated"), Optional.empty(), 9, 0, 1, true),
                results.get(1).outcome());
    }

    @Test
    void readsNothingBeforeItIsAskedAndThenOneWindowAhead() {
        Counting items = new Counting(10_000, "text");
        try (EmbeddingPipeline pipeline = pipeline(FakeEmbedder.answering(FakeEmbedder::vectors))) {
            Iterator<Result<Integer>> results = pipeline.run(items);
            assertEquals(0, items.read);
            for (int i = 0; i < WINDOW_TEXTS; i++) {
                results.next();
                assertEquals(2 * WINDOW_TEXTS, items.read);
            }
            results.next();
            assertEquals(3 * WINDOW_TEXTS, items.read);
        }
    }

    @Test
    void aRunThatEndsEarlyGivesWhatIsComputedAndReadsNothingMore() {
        Counting items = new Counting(10_000, "text");
        FakeEmbedder embedder = FakeEmbedder.answering(FakeEmbedder::vectors);
        try (EmbeddingPipeline pipeline = pipeline(embedder)) {
            Iterator<Result<Integer>> results = pipeline.run(items);
            results.next();
            int batches = embedder.batches.size();
            pipeline.finish(Duration.ofSeconds(1));
            int more = 0;
            for (; results.hasNext(); more++) {
                assertEmbedded("text", results.next());
            }
            assertEquals(WINDOW_TEXTS - 1, more);
            assertEquals(2 * WINDOW_TEXTS, items.read);
            assertEquals(batches, embedder.batches.size(), "nothing is computed after it");
        }
    }

    @Test
    void aWindowOfTextsOfSomeLengthHoldsAsManyAsAFullBatch() {
        Counting items = new Counting(1000, "x".repeat(600));
        try (EmbeddingPipeline pipeline = pipeline(FakeEmbedder.answering(FakeEmbedder::vectors))) {
            pipeline.run(items).next();
            assertEquals(2 * 256, items.read);
        }
    }

    @Test
    void aWindowOfLongTextsHoldsFewer() {
        Counting items = new Counting(100, "x".repeat(1_000_000));
        try (EmbeddingPipeline pipeline = pipeline(FakeEmbedder.answering(FakeEmbedder::vectors))) {
            pipeline.run(items).next();
            assertEquals(2 * 4, items.read);
        }
    }

    @Test
    void streamsAMillionTextsWithoutHoldingMoreThanTwoWindows() {
        int count = 1_000_000;
        Counting items = new Counting(count, "text");
        AtomicInteger delivered = new AtomicInteger();
        FakeEmbedder embedder = FakeEmbedder.answering(FakeEmbedder::vectors).forgetting();
        try (EmbeddingPipeline pipeline = new EmbeddingPipeline(embedder, BATCH_TOKENS)) {
            Iterator<Result<Integer>> results = pipeline.run(items);
            while (results.hasNext()) {
                assertEquals(delivered.getAndIncrement(), results.next().key());
                assertTrue(items.read - delivered.get() < 2 * WINDOW_TEXTS);
            }
        }
        assertEquals(count, delivered.get());
    }

    @Test
    void nothingInGivesNothingOut() {
        try (EmbeddingPipeline pipeline = pipeline(FakeEmbedder.answering(batch -> {
            throw new AssertionError("nothing to embed");
        }))) {
            Iterator<Result<Integer>> results = pipeline.run(Collections.emptyIterator());
            assertFalse(results.hasNext());
            assertThrows(NoSuchElementException.class, results::next);
        }
    }

    @Test
    void aTextThatCannotBeEncodedCostsNobodyButItself() {
        FakeEmbedder embedder = new FakeEmbedder(failOn("unreadable", ErrorKind.INVALID_INPUT), FakeEmbedder::vectors);
        List<Result<Integer>> results = run(embedder, List.of("one", "unreadable", "three"));
        assertEmbedded("one", results.get(0));
        assertRefusal(ErrorKind.INVALID_INPUT, "no such text", results.get(1));
        assertEmbedded("three", results.get(2));
        assertEquals(List.of(2), embedder.batches);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 127, 128, 255})
    void findsOneBadTextAmong256In17Calls(int place) {
        FakeEmbedder embedder = FakeEmbedder.answering(batch -> {
            batch.forEach(failOn("bad", ErrorKind.INVALID_INPUT));
            return FakeEmbedder.vectors(batch);
        });
        assertOnlyTheBadTextIsRefused(embedder, place, ErrorKind.INVALID_INPUT, "no such text");
        assertEquals(1 + 2 * 8, embedder.batches.size());
    }

    @ParameterizedTest
    @EnumSource
    void refusesOnlyTheTextWhoseAnswerIsAlwaysBroken(Breakage breakage) {
        FakeEmbedder embedder = FakeEmbedder.answering(spoiling(breakage));
        assertOnlyTheBadTextIsRefused(embedder, 77, ErrorKind.PROTOCOL, breakage.sentence);
        assertEquals(1 + 2 * 8 + 9, embedder.batches.size(), "each broken answer is asked for once more");
    }

    @ParameterizedTest
    @EnumSource
    void believesTheSecondAnswerWhenTheFirstIsBroken(Breakage breakage) {
        AtomicInteger calls = new AtomicInteger();
        FakeEmbedder embedder = FakeEmbedder.answering(
                batch -> calls.getAndIncrement() == 0 ? spoiling(breakage).apply(batch) : FakeEmbedder.vectors(batch));
        List<Result<Integer>> results = run(embedder, List.of("a", "bad", "c"));
        assertEmbedded("a", results.get(0));
        assertEmbedded("bad", results.get(1));
        assertEmbedded("c", results.get(2));
        assertEquals(List.of(3, 3), embedder.batches);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONFIGURATION", "STORAGE", "THROTTLED", "EXHAUSTED"})
    void errorsThatConcernTheJobPassThrough(ErrorKind kind) {
        FakeEmbedder inEmbed = FakeEmbedder.answering(batch -> {
            throw new EmbedlakeException(kind, "stop");
        });
        FakeEmbedder inEncode = new FakeEmbedder(failOn("", kind), FakeEmbedder::vectors);
        for (FakeEmbedder embedder : List.of(inEmbed, inEncode)) {
            EmbedlakeException failure = assertThrows(EmbedlakeException.class, () -> run(embedder, List.of("a", "b")));
            assertEquals(kind, failure.kind());
        }
        assertEquals(List.of(2), inEmbed.batches);
    }

    @Test
    void doesNotTakeAProgrammersMistakeForABadText() {
        IllegalStateException mistake = new IllegalStateException("a bug");
        assertSame(
                mistake,
                assertThrows(
                        IllegalStateException.class,
                        () -> run(
                                FakeEmbedder.answering(batch -> {
                                    throw mistake;
                                }),
                                List.of("a"))));
    }

    @Test
    void refusesATextWhoseFailureNeverPasses() {
        FakeEmbedder embedder = FakeEmbedder.answering(batch -> {
            batch.forEach(failOn("bad", ErrorKind.TRANSIENT));
            return FakeEmbedder.vectors(batch);
        });
        assertOnlyTheBadTextIsRefused(embedder, 3, ErrorKind.TRANSIENT, "no such text");
    }

    @Test
    void replacesLoneSurrogatesBeforeEncoding() {
        FakeEmbedder embedder = FakeEmbedder.answering(FakeEmbedder::vectors);
        run(embedder, List.of("a\ud83d", "\ude42\ud83d", "\ud83d\ude42"));
        assertEquals(List.of("a\ufffd", "\ufffd\ufffd", "\ud83d\ude42"), embedder.encoded);
    }

    @Test
    void closesItsSessionButNotTheEmbedder() {
        FakeEmbedder embedder = FakeEmbedder.answering(FakeEmbedder::vectors);
        EmbeddingPipeline pipeline = pipeline(embedder);
        assertEquals(Set.of(Thread.currentThread()), embedder.open);
        pipeline.close();
        assertEquals(Set.of(), embedder.open);
    }

    private static void assertOnlyTheBadTextIsRefused(FakeEmbedder embedder, int place, ErrorKind kind, String reason) {
        List<String> texts = new ArrayList<>(
                IntStream.range(0, 256).mapToObj(i -> "ok " + (100 + i)).toList());
        texts.set(place, "bad " + (100 + place));
        List<Result<Integer>> results = run(embedder, texts);
        for (int i = 0; i < texts.size(); i++) {
            if (i == place) {
                assertRefusal(kind, reason, results.get(i));
            } else {
                assertEmbedded(texts.get(i), results.get(i));
            }
        }
    }

    private static Function<List<String>, List<float[]>> spoiling(Breakage breakage) {
        return batch -> {
            List<float[]> vectors = FakeEmbedder.vectors(batch);
            for (int i = 0; i < batch.size(); i++) {
                if (batch.get(i).startsWith("bad")) {
                    breakage.spoil(vectors, i);
                }
            }
            return vectors;
        };
    }

    private static Consumer<String> failOn(String start, ErrorKind kind) {
        return text -> {
            if (text.startsWith(start)) {
                throw new EmbedlakeException(kind, "no such text");
            }
        };
    }

    private static void assertEmbedded(String text, Result<Integer> result) {
        if (result.outcome() instanceof Outcome.Embedded embedded) {
            assertArrayEquals(FakeEmbedder.vector(text), embedded.vector());
        } else {
            throw new AssertionError(result.toString());
        }
    }

    private static void assertRefusal(ErrorKind kind, String reason, Result<Integer> result) {
        assertEquals(new Outcome.Refused(kind, reason), result.outcome());
    }

    private static EmbeddingPipeline pipeline(FakeEmbedder embedder) {
        return new EmbeddingPipeline(embedder, BATCH_TOKENS);
    }

    private static List<Result<Integer>> run(FakeEmbedder embedder, List<String> texts) {
        List<Result<Integer>> results = new ArrayList<>();
        try (EmbeddingPipeline pipeline = new EmbeddingPipeline(embedder, BATCH_TOKENS)) {
            pipeline.run(IntStream.range(0, texts.size())
                            .mapToObj(i -> new Item<>(i, texts.get(i)))
                            .iterator())
                    .forEachRemaining(results::add);
        }
        return results;
    }

    /** The same text again and again, counting how often it was read. */
    private static final class Counting implements Iterator<Item<Integer>> {
        private final int count;
        private final String text;
        private int read;

        Counting(int count, String text) {
            this.count = count;
            this.text = text;
        }

        @Override
        public boolean hasNext() {
            return read < count;
        }

        @Override
        public Item<Integer> next() {
            return new Item<>(read++, text);
        }
    }
}
