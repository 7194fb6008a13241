package io.embedlake.spark.spool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.embedlake.spark.metrics.ExecutorTotals;
import io.embedlake.spark.store.RunId;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import io.embedlake.testing.Property;
import io.embedlake.testing.Race;
import io.embedlake.testing.Serial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was paid for survives the task and the process that paid. */
class SpoolTest {
    private static final Fingerprint FINGERPRINT = Fingerprint.of(Map.of("model", "m"));
    private static final RunId RUN = new RunId("20261123-120000-abcdefgh");
    private static final RunId NEXT = new RunId("20261123-130000-abcdefgh");
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Consumer<Duration> NO_WAIT = time -> {
        throw new AssertionError("nobody should be watched");
    };

    @TempDir
    private Path store;

    private Spool spool(RunId run) {
        return spool(run, NOON);
    }

    private Spool spool(RunId run, Instant now) {
        return new Spool(store.toString(), configuration(), run, Attempts.IN_TURN, Clock.fixed(now, ZoneOffset.UTC));
    }

    private Spool spool(RunId run, Attempts attempts) {
        return new Spool(store.toString(), configuration(), run, attempts, Clock.fixed(NOON, ZoneOffset.UTC));
    }

    private static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set("fs.slow.impl", UnreachableFiles.class.getName());
        return configuration;
    }

    @Test
    void anotherAttemptHasWhatTheFirstHasPaidForAndOthersHaveNot() throws Exception {
        try (Spool spool = spool(RUN)) {
            WaveLog wave = Serial.roundTrip(spool.open(FINGERPRINT, 3));
            try (WaveLog.Attempt first = wave.attempt(7)) {
                assertFalse(first.has("a"));
                first.keep(new PaidText("a", new float[] {1, 2}, 5, true));
                first.keep(new PaidText("b", new float[] {3, 4}, 6, false));
            }
            try (WaveLog.Attempt second = wave.attempt(7)) {
                assertTrue(second.has("a") && second.has("b"));
                assertFalse(second.has("c"));
                List<PaidText> earlier = new ArrayList<>();
                second.earlier().forEachRemaining(earlier::add);
                assertEquals(
                        List.of("a", "b"), earlier.stream().map(PaidText::hash).toList());
                assertArrayEquals(new float[] {1, 2}, earlier.get(0).vector());
                assertTrue(earlier.get(0).truncated());
                assertEquals(5, earlier.get(0).tokens());
            }
            try (WaveLog.Attempt other = wave.attempt(70)) {
                assertFalse(other.has("a"));
            }
        }
    }

    @Test
    void executorsShowHowManyBytesTheyHaveKept() throws Exception {
        MetricRegistry shown = new MetricRegistry();
        ExecutorTotals.show(shown);
        Counter bytes = shown.counter("spool_bytes");
        long before = bytes.getCount();
        pay(RUN, "a", "b");
        // Other tests in this JVM may keep some more meanwhile.
        assertTrue(bytes.getCount() >= before + 2 * Segment.bytes(new PaidText("a", new float[100], 1, false)));
    }

    @Test
    void aTextThatTwoAttemptsHavePaidForComesOnce() throws Exception {
        try (Spool spool = spool(RUN)) {
            WaveLog wave = spool.open(FINGERPRINT, 1);
            WaveLog.Attempt one = wave.attempt(0);
            WaveLog.Attempt twin = wave.attempt(0);
            for (WaveLog.Attempt attempt : List.of(one, twin)) {
                attempt.keep(new PaidText("a", new float[] {1}, 1, false));
                attempt.close();
            }
            List<PaidText> earlier = new ArrayList<>();
            try (WaveLog.Attempt next = wave.attempt(0)) {
                next.earlier().forEachRemaining(earlier::add);
            }
            assertEquals(1, earlier.size());
        }
    }

    /** A speculative copy of a task once paid for all texts that its twin still had to send. */
    @Test
    void aCopyWaitsForTheAttemptThatStillPaysAndThenHasWhatItHasPaidFor() throws Exception {
        try (Spool spool = spool(RUN, Attempts.SPECULATIVE)) {
            WaveLog wave = Serial.roundTrip(spool.open(FINGERPRINT, 1));
            WaveLog.Attempt first = wave.attempt(0);
            AtomicInteger waits = new AtomicInteger();
            try (Turn turn = Turn.await(local(), partition(0), "copy", Clock.fixed(NOON, ZoneOffset.UTC), time -> {
                first.keep(new PaidText("text " + waits.get(), new float[] {1}, 1, false));
                if (waits.incrementAndGet() == 3) {
                    first.close();
                }
            })) {
                assertEquals(3, waits.get());
                assertTrue(Files.exists(Path.of(partition(0).toString(), "2", "alive")), turn.toString());
            }
            try (WaveLog.Attempt copy = wave.attempt(0);
                    WaveLog.Attempt other = wave.attempt(1)) {
                assertTrue(copy.has("text 0") && copy.has("text 2"));
                assertFalse(other.has("text 0"));
            }
        }
    }

    @Test
    void aCopyTakesOverFromAnAttemptThatWasKilled() throws Exception {
        killed(partition(0));
        List<Duration> waits = new ArrayList<>();
        Turn.await(local(), partition(0), "copy", Clock.systemUTC(), waits::add).close();
        assertEquals(Heartbeat.WATCH, waits.stream().reduce(Duration.ZERO, Duration::plus));
        waits.clear();
        Turn.await(local(), partition(0), "next", Clock.systemUTC(), waits::add).close();
        assertEquals(List.of(), waits, "the copy has ended");
    }

    /** Both once took over, and paid for the same texts. */
    @Test
    void ofTwoAttemptsThatWaitForADeadOneOneTakesOverAndTheOtherWaitsForIt() throws Exception {
        for (int round = 0; round < 20; round++) {
            org.apache.hadoop.fs.Path partition = partition(round);
            killed(partition);
            int steps = (int) Heartbeat.WATCH.dividedBy(Heartbeat.BEAT);
            CyclicBarrier together = new CyclicBarrier(2);
            AtomicInteger holders = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            CountDownLatch isAwaited = new CountDownLatch(1);
            CountDownLatch isOver = new CountDownLatch(1);
            List<Integer> waits = Race.of(2, number -> () -> {
                AtomicInteger own = new AtomicInteger();
                try (Turn turn = Turn.await(local(), partition, "attempt " + number, Clock.systemUTC(), time -> {
                    if (own.incrementAndGet() <= steps) {
                        await(together);
                    } else {
                        isAwaited.countDown();
                        await(isOver);
                    }
                })) {
                    assertFalse(turn.isLost());
                    if (most.accumulateAndGet(holders.incrementAndGet(), Math::max) > 1) {
                        isAwaited.countDown();
                    }
                    await(isAwaited);
                    holders.decrementAndGet();
                }
                isOver.countDown();
                return own.get();
            });
            assertEquals(1, most.get(), "both have the turn");
            assertEquals(steps, Collections.min(waits), "the first one took over as soon as it might");
            assertTrue(Collections.max(waits) > steps, "the other one waited for it");
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first turn is that of a process that was killed. */
    private static void killed(org.apache.hadoop.fs.Path partition) throws IOException {
        Path folder = Files.createDirectories(Path.of(partition.toString(), "1"));
        Files.writeString(folder.resolve("alive"), NOON + " 4");
    }

    /** As a process that is stopped and goes on, or whose machine slept. */
    @Test
    void anAttemptThatStoodStillHasLostItsTurnForGood() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(NOON);
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
        try (Heartbeat turn = Heartbeat.start(local(), partition(0), clock)) {
            now.set(NOON.plus(Heartbeat.WATCH).minus(Heartbeat.BEAT));
            assertFalse(turn.isOverdue());
            now.set(NOON.plus(Heartbeat.WATCH));
            assertTrue(turn.isOverdue());
        }
    }

    private static FileSystem local() throws IOException {
        return FileSystem.getLocal(configuration()).getRawFileSystem();
    }

    private org.apache.hadoop.fs.Path partition(int number) {
        return new org.apache.hadoop.fs.Path(
                store.toString(), "_spool/" + FINGERPRINT.hash() + "/" + RUN.text() + "/1/" + number);
    }

    @Test
    void ofAFileThatWasNotWrittenToItsEndAllWholeBlocksAreRead() throws Exception {
        pay(RUN, "a", "b");
        Path file = segments().get(0);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 10));
        try (Leftover left = spool(NEXT).claim(FINGERPRINT, NO_WAIT)) {
            assertEquals(
                    List.of("a"),
                    spool(NEXT).reader().read(left.files().get(0)).stream()
                            .map(PaidText::hash)
                            .toList());
        }
    }

    /** It once was taken for a file without texts, and deleted. */
    @Test
    void aFileThatCannotBeReadIsNoEmptyFile() {
        EmbedlakeException failure = assertThrows(
                EmbedlakeException.class, () -> spool(RUN).reader().read("slow://storage/table/_spool/f/r/1/0/a-0"));
        assertEquals(ErrorKind.STORAGE, failure.kind());
        assertTrue(failure.getMessage().contains("Read timed out"), failure.getMessage());
        assertEquals(List.of(), spool(RUN).reader().read(store.resolve("gone").toString()), "gone since it was listed");
    }

    @Test
    void aFolderThatCannotBeListedIsNoEmptyFolder() {
        Spool spool = new Spool(
                "slow://storage/table", configuration(), RUN, Attempts.IN_TURN, Clock.fixed(NOON, ZoneOffset.UTC));
        assertThrows(IOException.class, () -> spool.claim(FINGERPRINT, NO_WAIT));
    }

    @Test
    void whatAnEndedRunLeavesIsTakenAtOnceAndRemovedWhenItIsCommitted() throws Exception {
        try (Leftover none = spool(NEXT).claim(FINGERPRINT, NO_WAIT)) {
            assertEquals(List.of(), none.files());
        }
        pay(RUN, "a");
        try (Leftover other = spool(NEXT).claim(Fingerprint.of(Map.of("model", "another")), NO_WAIT)) {
            assertEquals(List.of(), other.files());
        }
        try (Leftover left = spool(NEXT).claim(FINGERPRINT, NO_WAIT)) {
            assertEquals(
                    List.of("a"),
                    spool(NEXT).reader().read(left.files().get(0)).stream()
                            .map(PaidText::hash)
                            .toList());
            left.remove();
        }
        assertEquals(List.of(), files());
        try (Spool spool = spool(RUN)) {
            spool.open(FINGERPRINT, 2);
            spool.remove(FINGERPRINT, 2);
        }
        assertEquals(List.of(), files());
    }

    /** A second run once took, committed and deleted what the first one's tasks were still writing. */
    @Test
    void whatARunHasPaidForThatStillGoesOnIsLeftToIt() throws Exception {
        try (Spool going = spool(RUN);
                WaveLog.Attempt attempt = going.open(FINGERPRINT, 1).attempt(0)) {
            attempt.keep(new PaidText("a", new float[] {1}, 1, false));
            attempt.flush();
            Consumer<Duration> beats = time -> setAlive(NOON.plus(time) + " 7");
            try (Leftover left = spool(NEXT).claim(FINGERPRINT, beats)) {
                assertEquals(List.of(), left.files());
                assertEquals(List.of(RUN.text()), left.running());
                left.remove();
            }
            assertEquals(1, segments().size());
        }
    }

    @Test
    void whatAKilledRunLeavesIsTakenAfterItWasWatched() throws Exception {
        pay(RUN, "a");
        setAlive(NOON.minusSeconds(1) + " 1");
        List<Duration> waits = new ArrayList<>();
        try (Leftover left = spool(NEXT).claim(FINGERPRINT, waits::add)) {
            assertEquals(1, left.files().size());
            assertEquals(Heartbeat.WATCH, waits.stream().reduce(Duration.ZERO, Duration::plus));
            Consumer<Duration> claimed = time -> setAlive(NOON.plus(time) + " 1");
            try (Leftover third = spool(new RunId("third")).claim(FINGERPRINT, claimed)) {
                assertEquals(List.of(RUN.text()), third.running(), "somebody else is saving it");
            }
        }
    }

    @Test
    void aRunThatWasKilledLongAgoIsNotWatched() throws Exception {
        pay(RUN, "a");
        setAlive(NOON + " 1");
        try (Leftover left = spool(NEXT, NOON.plus(Duration.ofHours(1))).claim(FINGERPRINT, NO_WAIT)) {
            assertEquals(1, left.files().size());
        }
    }

    @Test
    void whatIsWrittenIsRead() {
        Property.holds(50, random -> {
            List<PaidText> texts = IntStream.range(0, random.nextInt(5))
                    .mapToObj(i -> text(random))
                    .toList();
            byte[] bytes = Segment.block(texts);
            List<PaidText> read = Segment.read(bytes);
            assertEquals(texts.size(), read.size());
            for (int i = 0; i < read.size(); i++) {
                assertEquals(texts.get(i).hash(), read.get(i).hash());
                assertEquals(texts.get(i).tokens(), read.get(i).tokens());
                assertEquals(texts.get(i).truncated(), read.get(i).truncated());
                assertArrayEquals(texts.get(i).vector(), read.get(i).vector());
            }
            assertEquals(List.of(), Segment.read(Arrays.copyOf(bytes, random.nextInt(bytes.length))));
        });
    }

    /** Each text in a block of its own. */
    @Test
    void onlyWhatDeadRunsLeftLongAgoIsRemoved() throws Exception {
        pay(RUN, "a");
        pay(NEXT, "b");
        Path dead = store.resolve("_spool").resolve(FINGERPRINT.hash()).resolve(RUN.text());
        Instant written = Files.getLastModifiedTime(dead).toInstant();
        assertEquals(0, Spool.removeDead(store.toString(), configuration(), written.minusSeconds(60), written));
        setAlive(written + " 1");
        assertEquals(1, Spool.removeDead(store.toString(), configuration(), written.plusSeconds(60), written));
        Files.delete(dead.resolve("alive"));
        assertEquals(1, Spool.removeDead(store.toString(), configuration(), written.plusSeconds(60), written));
        assertFalse(Files.exists(dead));
    }

    private void pay(RunId run, String... hashes) throws IOException {
        try (Spool spool = spool(run);
                WaveLog.Attempt attempt = spool.open(FINGERPRINT, 1).attempt(0)) {
            for (String hash : hashes) {
                attempt.keep(new PaidText(hash, new float[100], 1, false));
                attempt.flush();
            }
        }
    }

    private void setAlive(String said) {
        try {
            Files.writeString(
                    store.resolve("_spool")
                            .resolve(FINGERPRINT.hash())
                            .resolve(RUN.text())
                            .resolve("alive"),
                    said);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static PaidText text(Random random) {
        float[] vector = new float[random.nextInt(10)];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = random.nextFloat();
        }
        return new PaidText(Long.toHexString(random.nextLong()), vector, random.nextInt(), random.nextBoolean());
    }

    private List<Path> segments() throws IOException {
        return files().stream()
                .filter(file -> !file.getFileName().toString().equals("alive"))
                .toList();
    }

    private List<Path> files() throws IOException {
        if (!Files.exists(store.resolve("_spool"))) {
            return List.of();
        }
        try (var all = Files.walk(store.resolve("_spool"))) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
