package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.ModelVectors;
import io.embedlake.fake.settings.Cap;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Faults;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.search.ColumnSearch;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that send their texts to a provider, which runs on this machine. */
class ProviderJobTest {
    private static final String KEY = "sk-a-key-that-nobody-must-ever-read-anywhere";
    private static final int DIMENSION = 16;
    private static final int PROBE_TOKENS = 7;

    @TempDir
    private Path folder;

    @TempDir
    private Path secrets;

    private Lake lake;
    private Path key;

    @BeforeEach
    void prepare() throws IOException {
        lake = new Lake(folder);
        key = Files.writeString(secrets.resolve("key"), KEY + "\n");
    }

    private static Settings openAi() {
        return Settings.of(Provider.OPENAI).withKeys(KEY).withDimension(DIMENSION);
    }

    private static FakeProvider start(Settings settings) {
        return FakeProvider.start(settings, new HashedVectors(DIMENSION));
    }

    private JobSpec job(FakeProvider fake, String... overrides) {
        return lake.job(yaml("openai", fake), overrides);
    }

    private String yaml(String platform, FakeProvider fake) {
        return """
                job: test
                source: {table: delta.`items`, id: id}
                embeddings:
                  - column: vector
                    attribute: text
                    platform: %s
                    model: text-embedding-3-small
                    endpoint: %s
                    api-key: file:%s
                    reduce: {method: none}
                errors: {max-rate: 1}
                """
                .formatted(platform, fake.baseUrl(), key);
    }

    private static String[] texts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "text number " + i + " is not like the " + (i * 7919 % 104729) + "th")
                .toArray(String[]::new);
    }

    @Tag("heavy")
    @Test
    void vectorsAreThoseOfTheSameModelOnThisMachine() {
        String[] texts = texts(60);
        lake.items(texts);
        try (ModelVectors model = ModelVectors.embedded();
                FakeProvider fake = FakeProvider.start(openAi().withDimension(384), model)) {
            lake.run(job(fake));
            Map<Object, List<Float>> remote = lake.vectors();
            lake.run(
                    """
                    job: local
                    source: {table: delta.`items`, id: id}
                    embeddings:
                      - {column: vector_local, attribute: text, precision: fp32, reduce: {method: none}}
                    """);
            Map<Object, List<Float>> local = lake.vectors("items", "id", "vector_local");
            assertEquals(texts.length, remote.size());
            remote.forEach((id, vector) -> assertTrue(cosine(vector, local.get(id)) > 0.9999, "row " + id));
        }
    }

    @Tag("heavy")
    @Test
    void aSecondRunSendsNothing() {
        lake.items(texts(50));
        try (FakeProvider fake = start(openAi())) {
            lake.runs(job(fake), 50, 50);
            long sent = fake.stats().requests();
            lake.runs(job(fake), 0, 0);
            lake.sql(
                    "INSERT INTO {items} (id, text) VALUES (1001, 'text number 3 is not like the 23757th'), (1002, NULL)");
            lake.run(job(fake));
            assertEquals(sent, fake.stats().requests());
            assertEquals(0, fake.stats().rowsBilledAgain());
        }
    }

    @Tag("heavy")
    @Test
    void everyTextIsEmbeddedWhenEveryFifthCallFails() {
        String[] texts = texts(400);
        lake.items(texts);
        Settings faulty = openAi().withCap(io.embedlake.fake.settings.Cap.TEXTS, 8)
                .withSlowness(Duration.ofMillis(50))
                .withFaults(Faults.of(
                        0.2,
                        7,
                        java.util.EnumSet.of(
                                Fault.SERVER_ERROR,
                                Fault.HTML_502,
                                Fault.RETRY_AFTER_MS,
                                Fault.ERROR_IN_SUCCESS,
                                Fault.VECTOR_MISSING,
                                Fault.INDEX_TWICE,
                                Fault.NULL_ELEMENT,
                                Fault.HALF_JSON,
                                Fault.CUT,
                                Fault.SLOW)));
        try (FakeProvider fake = start(faulty)) {
            RunRecord run = lake.run(job(fake));
            assertTrue(fake.stats().faults().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum()
                    > 5);
            assertEquals(400, Lake.only(run).embedded() + Lake.only(run).rejected());
            assertEquals(0, Lake.only(run).rejected());
            HashedVectors right = new HashedVectors(DIMENSION);
            lake.vectors()
                    .forEach((id, vector) -> assertTrue(
                            cosine(vector, floats(right.apply(texts[(int) ((long) id - 1)]))) > 0.999999, "row " + id));
        }
    }

    @Test
    void textsThatTheProviderRefusesAreRejectedWithItsReasonAndHarmNoOther() {
        lake.items(
                "fine",
                "",
                " \t ",
                "x ".repeat(300_000),
                "<|endoftext|> is only text here",
                "a \"quotation\" \\ and\na new line",
                "half a pair: \uD83D here",
                null);
        try (FakeProvider fake = start(openAi())) {
            RunRecord run = lake.run(job(fake));
            assertEquals(4, Lake.only(run).embedded());
            List<Row> rejected = lake.rows("items_embeddings_rejected")
                    .select("row_id", "kind", "reason")
                    .collectAsList();
            assertEquals(1, rejected.size(), rejected.toString());
            assertTrue(
                    rejected.get(0)
                            .toString()
                            .matches("\\[4,INVALID_INPUT,the text has 30\\d+ tokens \\(at most 8192\\)]"),
                    rejected.toString());
            assertEquals(0, fake.stats().statuses().getOrDefault(400, 0));
        }
    }

    @Tag("heavy")
    @Test
    void moreTextsThanACallTakesGoInSeveral() {
        lake.items(texts(2049));
        try (FakeProvider fake = start(openAi())) {
            lake.runs(job(fake), 2049, 2049);
            assertEquals(
                    Map.of(200, (int) fake.stats().requests()), fake.stats().statuses());
        }
    }

    /** The answers to calls that were under way were lost, and paid for again. */
    @Test
    void textsAreNotPaidForAgainWhenSparkStopsTheTasksOfAWave() throws InterruptedException {
        String[] texts = texts(200);
        lake.items(texts);
        try (FakeProvider fake = start(openAi().withLatency(Duration.ofMillis(400)))) {
            JobSpec job = lake.job(
                    yaml("http", fake)
                            .replace(
                                    "model: ",
                                    "texts-per-call: 5\n    vectors: data[*].embedding\n    request: '{\"model\": \"{model}\", \"input\": \"{texts}\"}'\n    model: ")
                            .replace("/v1", "/v1/embeddings"),
                    "limits.in-flight=2");
            // Other tests have jobs in the same session.
            SparkContext spark = Lake.spark().sparkContext();
            spark.addJobTag("stopped");
            Thread stopping = new Thread(
                    () -> {
                        while (fake.stats().rowsBilled() < 20) {
                            LockSupport.parkNanos(1_000_000);
                        }
                        spark.cancelJobsWithTag("stopped");
                    },
                    "stopping");
            stopping.start();
            try {
                EmbedlakeException stopped = assertThrows(EmbedlakeException.class, () -> lake.run(job));
                assertTrue(stopped.getMessage().contains("Spark's job was cancelled"), stopped.getMessage());
            } finally {
                spark.removeJobTag("stopped");
            }
            stopping.join();
            long before = fake.stats().rowsBilled();
            assertTrue(before < 150, "it was stopped early: " + before);
            lake.run(job);
            Stream.of(texts).forEach(text -> assertEquals(1, fake.ledger().timesBilled(text), text));
        }
    }

    @Test
    void theReportSaysWhatCallsWereCutToAfterTheServerRefusedLargerOnes() {
        lake.items(texts(100));
        try (FakeProvider fake = start(openAi().withCap(Cap.TEXTS, 20))) {
            ColumnRecord column = Lake.only(lake.run(job(fake)));
            assertEquals(100, column.embedded());
            assertEquals(Set.of("texts"), column.callCaps().keySet());
            long cap = column.callCaps().get("texts");
            assertTrue(0 < cap && cap <= 20, column.toString());
        }
    }

    @Test
    void aWrongKeyStopsTheJobBeforeAnyWork() throws IOException {
        lake.items(texts(20));
        Files.writeString(key, "sk-wrong");
        try (FakeProvider fake = start(openAi())) {
            EmbedlakeException refusal = lake.refuses(job(fake), ErrorKind.CONFIGURATION, "api-key");
            assertFalse(refusal.getMessage().contains("sk-wrong"));
            assertEquals(1, fake.stats().requests());
        }
    }

    @Test
    void aKeyThatIsNotThereIsNamed() throws IOException {
        lake.items(texts(2));
        Files.delete(key);
        try (FakeProvider fake = start(openAi())) {
            lake.refuses(job(fake), ErrorKind.CONFIGURATION, "api-key", key.toString());
            assertEquals(0, fake.stats().requests());
        }
    }

    @Tag("heavy")
    @Test
    void anUnknownModelAndAWrongPathNameTheKeysToChange() {
        lake.items(texts(20));
        try (FakeProvider fake = start(openAi())) {
            lake.refuses(
                    job(fake, "embeddings[0].model=text-embedding-4"), ErrorKind.CONFIGURATION, "model", "endpoint");
            lake.refuses(
                    job(fake, "embeddings[0].endpoint=" + fake.origin() + "/v11"), ErrorKind.CONFIGURATION, "endpoint");
        }
    }

    @Test
    void vectorsOfAnotherLengthThanBeforeAreRefused() {
        lake.items(texts(20));
        try (FakeProvider fake = start(openAi())) {
            lake.run(job(fake));
        }
        lake.sql("INSERT INTO {items} (id, text) VALUES (1001, 'one more')");
        try (FakeProvider other = FakeProvider.start(openAi().withDimension(8), new HashedVectors(8))) {
            lake.refuses(job(other), ErrorKind.CONFIGURATION, "8 values", "16", "endpoint", "dimensions");
        }
    }

    @Tag("heavy")
    @Test
    void aQuotaThatIsUsedUpStopsTheJobWithEverythingKeptThatWasPaidFor() {
        lake.items(texts(300));
        Settings small = openAi().withCap(io.embedlake.fake.settings.Cap.TEXTS, 10);
        try (FakeProvider fake = start(small)) {
            JobSpec job = job(fake, "limits.in-flight=1");
            fake.next(Stream.concat(Stream.generate(() -> Fault.CHUNKED).limit(12), Stream.of(Fault.QUOTA))
                    .toArray(Fault[]::new));
            Lake.refused(ErrorKind.EXHAUSTED, () -> lake.run(job), "quota");
            long paid = fake.stats().rowsBilled();
            long kept = lake.number("SELECT count(*) FROM {items_embeddings}");
            // All that was billed but the harmless text that is tried first.
            assertEquals(paid - 1, kept);
            assertTrue(kept > 0 && kept < 300, "kept " + kept);
            assertEquals(0, lake.number("SELECT count(*) FROM {items_embeddings_rejected}"));

            RunRecord resumed = lake.run(job);
            assertEquals(300 - kept, Lake.only(resumed).embedded());
            assertEquals(300, lake.number("SELECT count(*) FROM {items} WHERE vector IS NOT NULL"));
            assertEquals(1, fake.stats().rowsBilledAgain(), "the harmless text alone");
        }
    }

    @Test
    void aBudgetStopsTheJobBeforeItIsExceededAndThePlanSaysWhatItCosts() {
        lake.items(texts(200));
        try (FakeProvider fake = start(openAi())) {
            JobSpec job = job(fake, "limits.max-cost=0.5", "limits.price-per-million-tokens=1000");
            WorkPlan.ColumnPlan plan = lake.plan(job).columns().get(0);
            long tokens = plan.tokens().orElseThrow().tokens();
            assertEquals(tokens / 1000.0, plan.charge().of(tokens).orElseThrow(), 1e-9);
            assertEquals(0, fake.stats().requests());
            Lake.refused(ErrorKind.EXHAUSTED, () -> lake.run(job), "may still spend", "limits.max-cost");
            long kept = lake.number("SELECT count(*) FROM {items_embeddings}");
            assertEquals(fake.stats().rowsBilled() - 1, kept, "all that was billed but the harmless text is kept");
            long spent = fake.stats().tokensBilled() - PROBE_TOKENS;
            assertTrue(spent <= 500 && spent >= 450, spent + " of 500 tokens were spent");
            assertEquals(200 - kept, Lake.only(lake.run(job(fake))).embedded());
        }
    }

    @Tag("heavy")
    @Test
    void theReportSaysWhatWasSpentAndWhatRepeatedAndEmbeddedTextsHaveSaved() {
        String[] texts = texts(100);
        lake.items(Stream.concat(Stream.of(texts), Stream.of(texts)).toArray(String[]::new));
        try (FakeProvider fake = start(openAi())) {
            JobSpec job = job(fake, "limits.price-per-million-tokens=1000");
            ColumnRecord first = Lake.only(lake.run(job));
            // The fake bills exactly; the harmless text that is tried first is on it too.
            assertEquals(fake.stats().tokensBilled() - PROBE_TOKENS, first.tokens());
            assertEquals(first.tokens() / 1000.0, first.cost().usd().orElseThrow(), 1e-9);
            assertEquals(first.tokens(), first.cost().savedTokens(), "each text is there twice");

            lake.sql("INSERT INTO {items} (id, text) VALUES (1001, 'one more text')");
            ColumnRecord second = Lake.only(lake.run(job));
            assertTrue(second.cost().usd().orElseThrow() < 0.02, second.toString());
            assertEquals(0, second.cost().savedTokens(), "only the new row was looked at");
            ColumnRecord nothing = Lake.only(Lake.run(job, Anew.ROWS));
            assertEquals(0, nothing.cost().usd().orElseThrow());
            assertTrue(nothing.cost().savedTokens() > 1.5 * first.tokens(), "all rows were looked at: " + nothing);
        }
    }

    @Test
    void rejectedTextsAreReplayedByKindAndLeaveTheTableWhenTheySucceed() {
        lake.items("fine", "x ".repeat(9000));
        try (FakeProvider fake = start(openAi())) {
            JobSpec job = job(fake);
            assertEquals(1, Lake.only(lake.run(job)).rejected());
            lake.sql("UPDATE {items_embeddings_rejected} SET kind = 'TRANSIENT'");
            long sent = fake.stats().requests();
            lake.replay(job, ErrorKind.PROTOCOL);
            assertEquals(sent, fake.stats().requests());
            lake.replay(job, ErrorKind.TRANSIENT);
            assertEquals(
                    "INVALID_INPUT",
                    lake.row("SELECT kind FROM {items_embeddings_rejected}").getString(0));
            lake.sql("UPDATE {items_embeddings_rejected} SET content_hash = sha2('fine again', 256)");
            lake.sql("UPDATE {items} SET text = 'fine again' WHERE id = 2");
            lake.run(job);
            assertEquals(1, lake.number("SELECT count(*) FROM {items} WHERE vector IS NULL"));
            assertEquals(1, Lake.only(lake.replay(job, ErrorKind.INVALID_INPUT)).embedded());
            assertEquals(0, lake.number("SELECT count(*) FROM {items_embeddings_rejected}"));
            assertEquals(0, lake.number("SELECT count(*) FROM {items} WHERE vector IS NULL"));
        }
    }

    @Test
    void aSearchAsksTheProviderForTheQuery() {
        lake.items("one thing", "another thing", "something else");
        try (FakeProvider fake = start(openAi())) {
            JobSpec job = job(fake);
            lake.run(job);
            Row best = new ColumnSearch(Lake.spark(), job)
                    .nearest(Input.of("another thing"), 1, Optional.empty(), Optional.empty())
                    .first();
            assertEquals(2L, best.<Long>getAs("id"));
        }
    }

    @Test
    void theKeyIsNowhereInWhatAJobLeavesBehind() throws IOException {
        lake.items(texts(30));
        RecordingObserver observer = new RecordingObserver();
        try (FakeProvider fake = start(openAi())) {
            JobSpec job = job(fake);
            RunRecord report = lake.report(job, observer);
            String said = observer.phases() + report.toString() + job + job.describe() + lake.plan(job);
            assertFalse(said.contains(KEY), said);
            assertTrue(said.contains(key.toString()), said);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> assertFalse(contains(file, KEY), file.toString()));
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Float> floats(float[] vector) {
        return IntStream.range(0, vector.length).mapToObj(i -> vector[i]).toList();
    }

    private static double cosine(List<Float> one, List<Float> other) {
        double dot = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < one.size(); i++) {
            dot += one.get(i) * other.get(i);
            first += one.get(i) * one.get(i);
            second += other.get(i) * other.get(i);
        }
        return dot / Math.sqrt(first * second);
    }
}
