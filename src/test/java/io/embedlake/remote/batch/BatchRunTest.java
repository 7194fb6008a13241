package io.embedlake.remote.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.BatchEnd;
import io.embedlake.fake.settings.Cap;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.remote.batch.JournalEntry.Step;
import io.embedlake.remote.batch.api.BatchApis;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Outcome.Embedded;
import io.embedlake.spi.Outcome.Refused;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchRunTest {
    private static final HashedVectors VECTORS = new HashedVectors(8);
    private static final Settings OPENAI = settings(Provider.OPENAI);

    @TempDir
    Path folder;

    private final List<Duration> waits = new ArrayList<>();
    private final List<Integer> watched = new ArrayList<>();
    private final MemoryJournal journal = new MemoryJournal();
    private final KeptOutcomes outcomes = new KeptOutcomes();
    private TestBudget budget = new TestBudget(Long.MAX_VALUE);
    private Provider provider = Provider.OPENAI;
    private FakeProvider fake;

    @AfterEach
    void close() {
        fake.close();
    }

    private static Settings settings(Provider provider) {
        return Settings.of(provider).withKeys(BatchApis.KEY).withDimension(8).withBatchPolls(3);
    }

    private void start(Settings settings) {
        fake = FakeProvider.start(settings, VECTORS);
    }

    private BatchCounts run(BatchLimits limits, List<BatchText> texts) {
        return run(journal, limits, texts);
    }

    private BatchCounts run(BatchJournal noted, BatchLimits limits, List<BatchText> texts) {
        BatchApi api = BatchApis.of(fake, provider, waits::add);
        BatchSettings settings = new BatchSettings(
                folder, limits, 2, Duration.ofSeconds(10), Duration.ofSeconds(40), Duration.ofSeconds(30), 3);
        return new BatchRun(api, noted, settings, budget, watched::add, waits::add, new Random(7))
                .run(texts.iterator(), outcomes);
    }

    private static List<BatchText> texts(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new BatchText("t-" + i, "text \"" + i + "\"\n naïve 東京 🌍", 10 + i))
                .toList();
    }

    private static BatchLimits texts(int most) {
        return new BatchLimits(most, Long.MAX_VALUE);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "MISTRAL", "VOYAGE", "GEMINI", "COHERE"})
    void embedsEachTextOnceHoweverAnswersAreOrdered(Provider of) {
        provider = of;
        start(settings(of));

        BatchCounts counts = run(texts(3), texts(0, 10));

        assertEquals(new BatchCounts(4, 0, 10, 0, 0), counts);
        assertEquals(10, outcomes.kept.size());
        for (BatchText text : texts(0, 10)) {
            Embedded embedded = assertInstanceOf(Embedded.class, outcomes.kept.get(text.id()));
            assertArrayEquals(VECTORS.apply(text.text()), embedded.vector(), 1e-6f);
            assertEquals(1, fake.ledger().timesBilled(text.text()), text.id());
        }
        assertEquals(List.of(), OpenBatch.of(journal.entries()));
        assertEquals(0, filesLeft());
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "MISTRAL", "VOYAGE", "GEMINI"})
    void givesWhatWasFinishedWhenABatchExpires(Provider of) {
        provider = of;
        start(settings(of).withBatchEnd(BatchEnd.EXPIRED));

        BatchCounts counts = run(texts(10), texts(0, 10));

        assertEquals(new BatchCounts(1, 0, 5, 5, 0), counts);
        outcomes.kept.values().stream()
                .filter(Refused.class::isInstance)
                .forEach(refused -> assertEquals(
                        new Refused(ErrorKind.TRANSIENT, "the batch expired before this text's turn"), refused));
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "MISTRAL", "VOYAGE", "GEMINI", "COHERE"})
    void aBatchThatIsRefusedAsAWholeStopsTheRun(Provider of) {
        provider = of;
        start(settings(of).withBatchEnd(BatchEnd.FAILED));

        EmbedlakeException refused = assertThrows(EmbedlakeException.class, () -> run(texts(10), texts(0, 10)));

        assertEquals(ErrorKind.CONFIGURATION, refused.kind());
        assertTrue(refused.getMessage().startsWith("Cannot run a batch: "), refused.getMessage());
        assertEquals(List.of(), OpenBatch.of(journal.entries()));
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "MISTRAL", "VOYAGE"})
    void refusesTheGuiltyTextAloneWithItsReason(Provider of) {
        provider = of;
        start(settings(of).withCap(Cap.TEXT_TOKENS, 20).withCap(Cap.CALL_TOKENS, 20));
        List<BatchText> texts = new ArrayList<>(texts(0, 3));
        texts.add(new BatchText("long", "word ".repeat(100), 100));

        BatchCounts counts = run(texts(10), texts);

        assertEquals(new BatchCounts(1, 0, 3, 1, 0), counts);
        Refused refused = assertInstanceOf(Refused.class, outcomes.kept.get("long"));
        assertEquals(ErrorKind.INVALID_INPUT, refused.kind());
        assertTrue(refused.reason().startsWith("HTTP 400"), refused.reason());
    }

    @Test
    void aFullQueueStopsTheRunSoThatItCanBeResumed() {
        start(OPENAI.withBatchEnd(BatchEnd.QUEUE_FULL));

        EmbedlakeException full = assertThrows(EmbedlakeException.class, () -> run(texts(10), texts(0, 10)));

        assertEquals(ErrorKind.EXHAUSTED, full.kind());
        assertEquals(
                "Cannot run a batch: token_limit_exceeded (the account's queue is full). Run again when other batches"
                        + " are done.",
                full.getMessage());
    }

    @Test
    void looksForABatchWhoseAnswerWasLostBeforeItAsksAgain() throws Exception {
        start(OPENAI);
        MemoryJournal losing = new MemoryJournal() {
            @Override
            public void append(JournalEntry entry) {
                super.append(entry);
                if (entry.step() == Step.UPLOADED) {
                    fake.next(Fault.RESET);
                }
            }
        };

        BatchCounts counts = run(losing, texts(10), texts(0, 10));

        assertEquals(new BatchCounts(1, 0, 10, 0, 0), counts);
        assertEquals(1, ListedBatches.of(fake, Provider.OPENAI));
        assertEquals(Duration.ofSeconds(30), waits.get(0));
    }

    @Test
    void asksAgainWhereTheProviderHasNoBatch() throws Exception {
        start(OPENAI);
        MemoryJournal unlucky = new MemoryJournal() {
            @Override
            public void append(JournalEntry entry) {
                super.append(entry);
                if (entry.step() == Step.UPLOADED) {
                    fake.next(Fault.UNAVAILABLE);
                }
            }
        };

        assertEquals(new BatchCounts(1, 0, 10, 0, 0), run(unlucky, texts(10), texts(0, 10)));
        assertEquals(1, ListedBatches.of(fake, Provider.OPENAI));
    }

    @Test
    void goesOnWithTheBatchesOfAnEarlierRunAndSendsTheOthers() throws Exception {
        start(OPENAI);
        MemoryJournal dying = new MemoryJournal() {
            @Override
            public void append(JournalEntry entry) {
                super.append(entry);
                if (entries().stream()
                                .filter(one -> one.step() == Step.SUBMITTED)
                                .count()
                        == 2) {
                    throw new IllegalStateException("died");
                }
            }
        };
        assertThrows(IllegalStateException.class, () -> run(dying, texts(3), texts(0, 12)));
        dying.entries().forEach(journal::append);

        BatchCounts counts = run(texts(3), texts(0, 12));

        assertEquals(new BatchCounts(2, 2, 12, 0, 0), counts);
        assertEquals(12, fake.stats().billings());
        assertEquals(4, ListedBatches.of(fake, Provider.OPENAI));
    }

    @Test
    void waitsLongerBetweenLooksAsLongAsNothingEnds() {
        start(OPENAI.withBatchPolls(6));

        run(texts(10), texts(0, 10));

        assertEquals(
                List.of(10L, 20L, 40L, 40L, 40L),
                waits.stream().map(Duration::toSeconds).toList());
    }

    @Test
    void repeatsWhatCostsNothing() {
        start(OPENAI);
        fake.next(Fault.UNAVAILABLE, Fault.HTML_502, Fault.RETRY_AFTER_SECONDS);

        assertEquals(new BatchCounts(1, 0, 10, 0, 0), run(texts(10), texts(0, 10)));
        for (int failure = 0; failure < 3; failure++) {
            assertTrue(waits.get(failure).toSeconds() < 2L << failure, waits.toString());
        }
    }

    @Test
    void aBadKeyStopsTheRunWithoutTellingIt() {
        start(OPENAI.withKeys("another"));

        EmbedlakeException refused = assertThrows(EmbedlakeException.class, () -> run(texts(10), texts(0, 10)));

        assertEquals(ErrorKind.CONFIGURATION, refused.kind());
        assertTrue(
                refused.getMessage().startsWith("Cannot use the batch API of 127.0.0.1: HTTP 401"),
                refused.getMessage());
        assertTrue(!refused.getMessage().contains(BatchApis.KEY), refused.getMessage());
        assertEquals(List.of(), journal.entries());
    }

    @Test
    void keepsToTheBytesOfAFile() {
        start(OPENAI);
        long line =
                BatchApis.of(fake, Provider.OPENAI, waits::add).line(texts(0, 1).get(0)).length;

        assertEquals(5, run(new BatchLimits(100, 2 * line), texts(0, 10)).submitted());
    }

    @Test
    void refusesATextThatIsLargerThanAFile() {
        start(OPENAI);

        BatchCounts counts = run(new BatchLimits(100, 10), texts(0, 1));

        assertEquals(new BatchCounts(0, 0, 0, 1, 0), counts);
        Outcome refused = outcomes.kept.get("t-0");
        assertEquals(
                new Refused(ErrorKind.INVALID_INPUT, "the text is larger than the file of a batch may be"), refused);
    }

    @Test
    void tellsHowManyBatchesItWaitsFor() {
        start(OPENAI.withBatchPolls(3));

        run(texts(4), texts(0, 10));

        assertEquals(List.of(2, 2, 1, 1), watched);
    }

    @Test
    void keepsToTheTokensOfABatch() {
        start(OPENAI);

        // 10 + 11 tokens, 12 + 13, 14 and 15.
        assertEquals(
                4, run(new BatchLimits(100, Long.MAX_VALUE, 26), texts(0, 6)).submitted());
    }

    @Test
    void stopsBeforeItAsksForMoreThanTheBudgetHas() {
        start(OPENAI);
        budget = new TestBudget(10 + 11 + 12 + 5);

        EmbedlakeException stopped = assertThrows(EmbedlakeException.class, () -> run(texts(2), texts(0, 10)));

        assertEquals(ErrorKind.EXHAUSTED, stopped.kind());
        assertEquals(3, outcomes.kept.size());
        assertEquals(5, budget.left());
        assertEquals(3, fake.stats().billings());
        assertEquals(List.of(), OpenBatch.of(journal.entries()));
    }

    @Test
    void aTextThatIsNotToBeSentIsRefusedWithItsProblem() {
        start(OPENAI);
        List<BatchText> texts = new ArrayList<>(texts(0, 3));
        texts.add(1, new BatchText("bad", "", 0, "there is nothing in the text to embed"));

        assertEquals(new BatchCounts(2, 0, 3, 1, 0), run(texts(2), texts));
        assertEquals(
                new Refused(ErrorKind.INVALID_INPUT, "there is nothing in the text to embed"),
                outcomes.kept.get("bad"));
    }

    @Test
    void tokensAreThoseCountedBeforehandWhereTheAnswerHasNone() {
        provider = Provider.GEMINI;
        start(settings(Provider.GEMINI));

        run(texts(10), texts(0, 3));

        assertEquals(
                12, assertInstanceOf(Embedded.class, outcomes.kept.get("t-2")).tokens());
    }

    @Test
    void aBatchThatTheProviderHasNoMoreIsNamed() {
        start(OPENAI);
        journal.append(JournalEntry.uploaded("embedlake-1", "file-1", List.of(new SentText("t-0", 10))));
        journal.append(JournalEntry.submitted("embedlake-1", "batch_gone"));

        EmbedlakeException gone = assertThrows(EmbedlakeException.class, () -> run(texts(10), texts(0, 3)));

        assertEquals(ErrorKind.CONFIGURATION, gone.kind());
        assertTrue(
                gone.getMessage().contains("the batch batch_gone")
                        && gone.getMessage().contains("embedlake-1"),
                gone.getMessage());
    }

    private long filesLeft() {
        String[] names = folder.toFile().list();
        return names == null ? 0 : names.length;
    }
}
