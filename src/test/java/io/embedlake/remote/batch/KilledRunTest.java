package io.embedlake.remote.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.remote.batch.BatchProcess.Moment;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A process is killed as by {@code kill -9}; another one goes on with its journal, and the provider bills every text once. */
class KilledRunTest {
    @TempDir
    Path folder;

    private FakeProvider start(Provider provider) {
        return FakeProvider.start(Settings.of(provider).withDimension(4).withBatchPolls(2), new HashedVectors(4));
    }

    private Process process(URI endpoint, Provider provider, Moment moment, int seed) throws IOException {
        return process("-Xmx128m", endpoint, provider, moment, seed, BatchProcess.TEXTS, BatchProcess.TEXTS / 2);
    }

    private Process process(String heap, URI endpoint, Provider provider, Moment moment, int seed, int texts, int most)
            throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        heap,
                        "-cp",
                        System.getProperty("java.class.path"),
                        BatchProcess.class.getName(),
                        endpoint.toString(),
                        provider.name(),
                        folder.toString(),
                        moment.name(),
                        String.valueOf(seed),
                        String.valueOf(texts),
                        String.valueOf(most))
                .redirectErrorStream(true)
                .start();
    }

    private void kill(URI endpoint, Provider provider, Moment moment) throws Exception {
        Process first = process(endpoint, provider, moment, 1);
        try (BufferedReader out = first.inputReader()) {
            assertEquals(BatchProcess.HERE, out.readLine());
        } finally {
            first.destroyForcibly();
        }
        assertTrue(first.waitFor(5, TimeUnit.MINUTES));
    }

    private void goOn(URI endpoint, Provider provider) throws Exception {
        requireDone(process(endpoint, provider, Moment.NEVER, 2));
    }

    private static void requireDone(Process second) throws Exception {
        String said;
        try (BufferedReader out = second.inputReader()) {
            said = out.lines().collect(Collectors.joining("\n"));
        }
        assertTrue(second.waitFor(5, TimeUnit.MINUTES));
        assertEquals("", said);
        assertEquals(0, second.exitValue());
    }

    private void check(FakeProvider fake, Provider provider) throws Exception {
        assertEquals(2, ListedBatches.of(fake, provider));
        for (BatchText text : BatchProcess.texts(BatchProcess.TEXTS)) {
            assertEquals(1, fake.ledger().timesBilled(text.text()), text.id());
        }
        List<String> lines = Files.readAllLines(folder.resolve("outcomes"));
        Set<String> ids = BatchProcess.texts(BatchProcess.TEXTS).stream()
                .map(BatchText::id)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(ids, new TreeSet<>(lines));
        try (FileJournal journal = FileJournal.open(folder.resolve("journal.jsonl"))) {
            assertEquals(List.of(), OpenBatch.of(journal.entries()));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NEVER")
    void anotherProcessGoesOnAndNothingIsBilledTwice(Moment moment) throws Exception {
        try (FakeProvider fake = start(Provider.OPENAI)) {
            kill(fake.baseUrl(), Provider.OPENAI, moment);
            goOn(fake.baseUrl(), Provider.OPENAI);
            check(fake, Provider.OPENAI);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MISTRAL", "VOYAGE", "GEMINI", "COHERE"})
    void theBatchOfEachProviderIsFoundByItsMarker(Provider provider) throws Exception {
        try (FakeProvider fake = start(provider)) {
            kill(fake.origin(), provider, Moment.SUBMITTED_BEFORE_JOURNAL);
            goOn(fake.origin(), provider);
            check(fake, provider);
        }
    }

    @Tag("heavy")
    @Test
    void answersMayBeLargerThanTheHeap() throws Exception {
        // About 59 MB of answers in one batch.
        int texts = 3600;
        int dimension = 3072;
        try (FakeProvider fake = FakeProvider.start(
                Settings.of(Provider.OPENAI).withDimension(dimension), new HashedVectors(dimension))) {
            requireDone(process("-Xmx40m", fake.baseUrl(), Provider.OPENAI, Moment.NEVER, 2, texts, texts));

            assertEquals(texts, fake.stats().billings());
            assertEquals(
                    texts,
                    Files.readAllLines(folder.resolve("outcomes")).stream()
                            .distinct()
                            .count());
        }
    }
}
