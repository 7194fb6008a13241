package io.embedlake.spark.spool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.embed.Fingerprint;
import io.embedlake.spark.store.RunId;
import io.embedlake.testing.Property;
import io.embedlake.testing.Serial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was paid for survives the task and the process that paid. */
class SpoolTest {
    private static final Fingerprint FINGERPRINT = Fingerprint.of(Map.of("model", "m"));
    private static final RunId RUN = new RunId("20261123-120000-abcdefgh");

    @TempDir
    private Path store;

    private Spool spool() {
        return new Spool(store.toString(), new Configuration());
    }

    @Test
    void anotherAttemptHasWhatTheFirstHasPaidForAndOthersHaveNot() throws Exception {
        Keeping wave = Serial.roundTrip(spool().open(FINGERPRINT, RUN, 3));
        try (Keeping.Attempt first = wave.attempt(7)) {
            assertFalse(first.has("a"));
            first.keep(new PaidText("a", new float[] {1, 2}, 5, true));
            first.keep(new PaidText("b", new float[] {3, 4}, 6, false));
        }
        try (Keeping.Attempt second = wave.attempt(7)) {
            assertTrue(second.has("a") && second.has("b"));
            assertFalse(second.has("c"));
            List<PaidText> earlier = new ArrayList<>();
            second.earlier().forEachRemaining(earlier::add);
            assertEquals(List.of("a", "b"), earlier.stream().map(PaidText::hash).toList());
            assertArrayEquals(new float[] {1, 2}, earlier.get(0).vector());
            assertTrue(earlier.get(0).truncated());
            assertEquals(5, earlier.get(0).tokens());
        }
        try (Keeping.Attempt other = wave.attempt(70)) {
            assertFalse(other.has("a"));
        }
    }

    @Test
    void aTextThatTwoAttemptsHavePaidForComesOnce() throws Exception {
        Keeping wave = spool().open(FINGERPRINT, RUN, 1);
        Keeping.Attempt one = wave.attempt(0);
        Keeping.Attempt twin = wave.attempt(0);
        for (Keeping.Attempt attempt : List.of(one, twin)) {
            attempt.keep(new PaidText("a", new float[] {1}, 1, false));
            attempt.close();
        }
        List<PaidText> earlier = new ArrayList<>();
        wave.attempt(0).earlier().forEachRemaining(earlier::add);
        assertEquals(1, earlier.size());
    }

    @Test
    void aFileThatWasNotWrittenToItsEndIsPassedOver() throws Exception {
        Keeping wave = spool().open(FINGERPRINT, RUN, 1);
        for (String hash : List.of("a", "b")) {
            try (Keeping.Attempt attempt = wave.attempt(0)) {
                attempt.keep(new PaidText(hash, new float[100], 1, false));
            }
        }
        List<Path> files = files();
        assertEquals(2, files.size());
        byte[] bytes = Files.readAllBytes(files.get(0));
        Files.write(files.get(0), Arrays.copyOf(bytes, bytes.length - 10));
        Files.deleteIfExists(files.get(0).resolveSibling("." + files.get(0).getFileName() + ".crc"));
        Keeping.Attempt next = wave.attempt(0);
        assertTrue(next.has("a") ^ next.has("b"));
    }

    @Test
    void whatAWaveLeavesIsFoundUntilItIsRemoved() throws Exception {
        Spool spool = spool();
        assertEquals(List.of(), spool.left(FINGERPRINT));
        try (Keeping.Attempt attempt = spool.open(FINGERPRINT, RUN, 1).attempt(0)) {
            attempt.keep(new PaidText("a", new float[] {1}, 1, false));
        }
        assertEquals(List.of(), spool.left(Fingerprint.of(Map.of("model", "another"))));
        List<String> left = spool.left(FINGERPRINT);
        assertEquals(
                List.of("a"),
                spool.reader().read(left.get(0)).stream().map(PaidText::hash).toList());
        spool.remove(left);
        assertEquals(List.of(), spool.left(FINGERPRINT));
        assertEquals(List.of(), spool.reader().read(left.get(0)), "gone since it was listed");
        spool.open(FINGERPRINT, RUN, 2);
        spool.remove(FINGERPRINT, RUN, 2);
        assertEquals(List.of(), files());
    }

    @Test
    void whatIsWrittenIsRead() {
        Property.holds(50, random -> {
            List<PaidText> texts = IntStream.range(0, random.nextInt(5))
                    .mapToObj(i -> text(random))
                    .toList();
            byte[] bytes = PaidFile.bytes(texts);
            List<PaidText> read = PaidFile.read(bytes);
            assertEquals(texts.size(), read.size());
            for (int i = 0; i < read.size(); i++) {
                assertEquals(texts.get(i).hash(), read.get(i).hash());
                assertEquals(texts.get(i).tokens(), read.get(i).tokens());
                assertEquals(texts.get(i).truncated(), read.get(i).truncated());
                assertArrayEquals(texts.get(i).vector(), read.get(i).vector());
            }
            assertThrows(
                    IllegalArgumentException.class,
                    () -> PaidFile.read(Arrays.copyOf(bytes, random.nextInt(bytes.length))));
        });
    }

    private static PaidText text(Random random) {
        float[] vector = new float[random.nextInt(10)];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = random.nextFloat();
        }
        return new PaidText(Long.toHexString(random.nextLong()), vector, random.nextInt(), random.nextBoolean());
    }

    private List<Path> files() throws IOException {
        if (!Files.exists(store.resolve("_spool"))) {
            return List.of();
        }
        try (var all = Files.walk(store.resolve("_spool"))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().endsWith(".crc"))
                    .sorted()
                    .toList();
        }
    }
}
