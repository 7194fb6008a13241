package io.embedlake.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.pipeline.EmbeddingPipeline.Item;
import io.embedlake.pipeline.EmbeddingPipeline.Result;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import io.embedlake.testing.Property;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pipeline does beside its caller's thread: it encodes ahead, and computes on several threads where it may. */
class ThreadsOfPipelineTest {
    /** Of one thread. */
    private static final int WINDOW_TEXTS = EmbeddingPipeline.MOST_SHORT_TEXTS;

    private static final int PATIENCE_SECONDS = 300;

    @Test
    void encodesTheNextWindowWhileOneIsComputed() {
        CountDownLatch isEncoded = new CountDownLatch(2 * WINDOW_TEXTS);
        FakeEmbedder embedder = new FakeEmbedder(text -> isEncoded.countDown(), batch -> {
            await(isEncoded);
            return FakeEmbedder.vectors(batch);
        });
        try (EmbeddingPipeline pipeline = pipeline(embedder, 1)) {
            assertEquals(0, pipeline.run(items(2 * WINDOW_TEXTS, "text")).next().key());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void readsTheInputOnTheCallersThreadAlone(int threads) {
        Thread caller = Thread.currentThread();
        Iterator<Item<Integer>> items = items(3 * WINDOW_TEXTS, "text");
        Iterator<Item<Integer>> watched = new Iterator<>() {
            @Override
            public boolean hasNext() {
                assertSame(caller, Thread.currentThread());
                return items.hasNext();
            }

            @Override
            public Item<Integer> next() {
                assertSame(caller, Thread.currentThread());
                return items.next();
            }
        };
        assertEquals(
                3 * WINDOW_TEXTS,
                run(FakeEmbedder.answering(FakeEmbedder::vectors), watched, threads)
                        .size());
    }

    @Test
    void anInputOfOneWindowNeedsNoOtherThread() {
        FakeEmbedder embedder = FakeEmbedder.answering(FakeEmbedder::vectors);
        run(embedder, items(WINDOW_TEXTS, "text"), 1);
        assertEquals(Set.of(Thread.currentThread()), embedder.opened);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aFailureToEncodeIsThrownWhenItsWindowIsDue(int threads) {
        EmbedlakeException failure = new EmbedlakeException(ErrorKind.CONFIGURATION, "stop");
        FakeEmbedder embedder = new FakeEmbedder(
                text -> {
                    if (text.equals("text " + (threads * WINDOW_TEXTS + 5))) {
                        throw failure;
                    }
                },
                FakeEmbedder::vectors);
        try (EmbeddingPipeline pipeline = pipeline(embedder, threads)) {
            Iterator<Result<Integer>> results = pipeline.run(items(3 * threads * WINDOW_TEXTS, "text"));
            for (int i = 0; i < threads * WINDOW_TEXTS; i++) {
                assertEquals(i, results.next().key());
            }
            assertSame(failure, assertThrows(EmbedlakeException.class, results::hasNext));
        }
        assertNothingIsLeft(embedder);
    }

    @Test
    void aTextThatIsRefusedAheadCostsNobodyButItself() {
        FakeEmbedder embedder = new FakeEmbedder(
                text -> {
                    if (text.equals("text " + (WINDOW_TEXTS + 5))) {
                        throw new EmbedlakeException(ErrorKind.INVALID_INPUT, "no such text");
                    }
                },
                FakeEmbedder::vectors);
        List<Result<Integer>> results = run(embedder, items(2 * WINDOW_TEXTS, "text"), 1);
        for (int i = 0; i < results.size(); i++) {
            if (i == WINDOW_TEXTS + 5) {
                assertEquals(
                        new Outcome.Refused(ErrorKind.INVALID_INPUT, "no such text"),
                        results.get(i).outcome());
            } else {
                assertInstanceOf(Outcome.Embedded.class, results.get(i).outcome());
            }
        }
    }

    @Test
    void computesAsManyBatchesSideBySideAsItHasThreads() {
        CyclicBarrier allAreComputing = new CyclicBarrier(3);
        Set<Thread> computing = ConcurrentHashMap.newKeySet();
        FakeEmbedder embedder = FakeEmbedder.answering(batch -> {
            computing.add(Thread.currentThread());
            await(allAreComputing);
            return FakeEmbedder.vectors(batch);
        });
        try (EmbeddingPipeline pipeline = new EmbeddingPipeline(embedder, BatchSize.of(10), 3)) {
            pipeline.run(items(6, "longer")).forEachRemaining(result -> {});
        }
        assertEquals(3, computing.size());
        assertTrue(computing.contains(Thread.currentThread()));
        assertNothingIsLeft(embedder);
    }

    @Test
    void oneThreadComputesOnTheCallersThread() {
        Thread caller = Thread.currentThread();
        FakeEmbedder embedder = FakeEmbedder.answering(batch -> {
            assertSame(caller, Thread.currentThread());
            return FakeEmbedder.vectors(batch);
        });
        run(embedder, items(3 * WINDOW_TEXTS, "text"), 1);
    }

    @Test
    void keepsTheOrderWhateverTheThreads() {
        Property.holds(10, random -> {
            List<String> texts = IntStream.range(0, 2_500)
                    .mapToObj(i -> (random.nextInt(50) == 0 ? "bad " : "good ") + i + "x".repeat(random.nextInt(60)))
                    .toList();
            FakeEmbedder embedder = FakeEmbedder.answering(batch -> {
                if (batch.stream().anyMatch(text -> text.startsWith("bad"))) {
                    throw new EmbedlakeException(ErrorKind.INVALID_INPUT, "no such text");
                }
                return FakeEmbedder.vectors(batch);
            });
            List<Result<Integer>> results = run(
                    embedder,
                    IntStream.range(0, texts.size())
                            .mapToObj(i -> new Item<>(i, texts.get(i)))
                            .iterator(),
                    1 + random.nextInt(4));
            assertEquals(texts.size(), results.size());
            for (int i = 0; i < texts.size(); i++) {
                assertEquals(i, results.get(i).key());
                if (results.get(i).outcome() instanceof Outcome.Embedded embedded) {
                    assertArrayEquals(FakeEmbedder.vector(texts.get(i)), embedded.vector());
                } else {
                    assertTrue(texts.get(i).startsWith("bad"));
                }
            }
            assertNothingIsLeft(embedder);
        });
    }

    @Test
    void aFailureOfTheJobOnAnotherThreadReachesTheCallerAndEndsTheWindow() {
        Thread caller = Thread.currentThread();
        CountDownLatch hasFailed = new CountDownLatch(1);
        EmbedlakeException failure = new EmbedlakeException(ErrorKind.CONFIGURATION, "stop");
        FakeEmbedder embedder = FakeEmbedder.answering(batch -> {
            if (Thread.currentThread() != caller) {
                hasFailed.countDown();
                throw failure;
            }
            await(hasFailed);
            return FakeEmbedder.vectors(batch);
        });
        try (EmbeddingPipeline pipeline = new EmbeddingPipeline(embedder, BatchSize.of(10), 2)) {
            Iterator<Result<Integer>> results = pipeline.run(items(WINDOW_TEXTS, "text"));
            assertSame(failure, assertThrows(EmbedlakeException.class, results::hasNext));
        }
        assertNothingIsLeft(embedder);
    }

    @Test
    void aProgrammersMistakeOnAnotherThreadIsThrownAsItIs() {
        Thread caller = Thread.currentThread();
        CountDownLatch hasFailed = new CountDownLatch(1);
        AssertionError mistake = new AssertionError("a bug");
        FakeEmbedder embedder = FakeEmbedder.answering(batch -> {
            if (Thread.currentThread() != caller) {
                hasFailed.countDown();
                throw mistake;
            }
            await(hasFailed);
            return FakeEmbedder.vectors(batch);
        });
        try (EmbeddingPipeline pipeline = new EmbeddingPipeline(embedder, BatchSize.of(10), 2)) {
            Iterator<Result<Integer>> results = pipeline.run(items(WINDOW_TEXTS, "text"));
            assertSame(mistake, assertThrows(AssertionError.class, results::hasNext));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void closedInTheMiddleLeavesNoThreadAndNoSession(int threads) {
        FakeEmbedder embedder = FakeEmbedder.answering(FakeEmbedder::vectors);
        try (EmbeddingPipeline pipeline = pipeline(embedder, threads)) {
            pipeline.run(items(10 * WINDOW_TEXTS, "text")).next();
        }
        assertEquals(threads + 1, embedder.opened.size());
        assertNothingIsLeft(embedder);
    }

    @Test
    void closingEndsTheEncodingOfAWindowThatNobodyWants() {
        FakeEmbedder embedder = FakeEmbedder.answering(FakeEmbedder::vectors);
        SessionThread thread = new SessionThread("test", embedder);
        CountDownLatch isWorking = new CountDownLatch(1);
        thread.start(session -> {
            isWorking.countDown();
            while (!thread.isClosing()) {
                Thread.onSpinWait();
            }
            return EncodedWindow.of(List.of(Input.of("a"), Input.of("b")), session, thread::isClosing);
        });
        await(isWorking);
        thread.close();
        assertEquals(List.of(), embedder.encoded);
        assertNothingIsLeft(embedder);
    }

    @Test
    void aThreadThatWasNeverNeededIsNeverStarted() {
        FakeEmbedder embedder = FakeEmbedder.answering(FakeEmbedder::vectors);
        new SessionThread("test", embedder).close();
        assertEquals(Set.of(), embedder.opened);
    }

    @Test
    void anInterruptedCallerClosesAllTheSameAndStaysInterrupted() {
        FakeEmbedder embedder = FakeEmbedder.answering(FakeEmbedder::vectors);
        SessionThread thread = new SessionThread("test", embedder);
        SessionThread.result(thread.start(session -> session.encode("a")));
        Thread.currentThread().interrupt();
        thread.close();
        assertTrue(Thread.interrupted());
        assertNothingIsLeft(embedder);
    }

    @Test
    void anInterruptedCallerDoesNotWaitForWork() {
        FakeEmbedder embedder = FakeEmbedder.answering(FakeEmbedder::vectors);
        CountDownLatch mayEnd = new CountDownLatch(1);
        try (SessionThread thread = new SessionThread("test", embedder)) {
            var work = thread.start(session -> {
                await(mayEnd);
                return "done";
            });
            Thread.currentThread().interrupt();
            EmbedlakeException failure = assertThrows(EmbedlakeException.class, () -> SessionThread.result(work));
            assertEquals("Cannot finish: interrupted. Start it again.", failure.getMessage());
            assertTrue(Thread.interrupted());
            mayEnd.countDown();
        }
    }

    @Test
    void threadsBesideTheCallersEndWithTheJvm() {
        FakeEmbedder embedder = FakeEmbedder.answering(FakeEmbedder::vectors);
        try (SessionThread thread = new SessionThread("embedlake-test", embedder)) {
            Thread its = SessionThread.result(thread.start(session -> Thread.currentThread()));
            assertNotSame(Thread.currentThread(), its);
            assertTrue(its.isDaemon());
            assertEquals("embedlake-test", its.getName());
        }
    }

    private static EmbeddingPipeline pipeline(FakeEmbedder embedder, int threads) {
        return new EmbeddingPipeline(embedder, BatchSize.of(512), threads);
    }

    private static List<Result<Integer>> run(FakeEmbedder embedder, Iterator<Item<Integer>> items, int threads) {
        List<Result<Integer>> results = new ArrayList<>();
        try (EmbeddingPipeline pipeline = pipeline(embedder, threads)) {
            pipeline.run(items).forEachRemaining(results::add);
        }
        return results;
    }

    /** So many texts, each with its number. */
    private static Iterator<Item<Integer>> items(int count, String text) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Item<>(i, text + " " + i))
                .iterator();
    }

    private static void assertNothingIsLeft(FakeEmbedder embedder) {
        assertEquals(Set.of(), embedder.open);
        for (Thread thread : embedder.opened) {
            assertFalse(thread != Thread.currentThread() && thread.isAlive(), thread.getName());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "it never happened");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
