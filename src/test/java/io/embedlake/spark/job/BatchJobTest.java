package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.BatchEnd;
import io.embedlake.fake.settings.Cap;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose texts go to a provider's batch API; the provider runs on this machine. */
class BatchJobTest {
    private static final String KEY = "sk-test";
    private static final int DIMENSION = 16;
    private static final HashedVectors VECTORS = new HashedVectors(DIMENSION);

    /** The text that is embedded first, by a call, to find out what is wrong. */
    private static final int PROBE = 1;

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

    private static Settings settings(Provider provider) {
        return Settings.of(provider).withKeys(KEY).withDimension(DIMENSION);
    }

    private static FakeProvider start(Settings settings) {
        return FakeProvider.start(settings, VECTORS);
    }

    private static FakeProvider openAi() {
        return start(settings(Provider.OPENAI));
    }

    private JobSpec job(FakeProvider fake, String... overrides) {
        return job("openai", "text-embedding-3-small", fake.baseUrl(), overrides);
    }

    private JobSpec job(String platform, String model, URI endpoint, String... overrides) {
        return lake.job(
                """
                job: test
                source: {table: delta.`items`, id: id}
                embeddings:
                  - column: vector
                    attribute: text
                    platform: %s
                    model: %s
                    endpoint: %s
                    api-key: file:%s
                    mode: batch
                    batch: {poll-s: 1}
                    reduce: {method: none}
                errors: {max-rate: 1}
                terms-accepted: {by: me, at: 2026-11-23, provider: openai}
                """
                        .formatted(platform, model, endpoint, key),
                overrides);
    }

    private static String[] texts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "text number " + i + " is not like the " + (i * 7919 % 104729) + "th")
                .toArray(String[]::new);
    }

    private void requireVectors(String... texts) {
        Map<Object, List<Float>> vectors = lake.vectors();
        for (int i = 0; i < texts.length; i++) {
            List<Float> vector = vectors.get(i + 1L);
            float[] expected = VECTORS.apply(texts[i]);
            assertEquals(DIMENSION, vector.size());
            for (int j = 0; j < DIMENSION; j++) {
                assertEquals(expected[j], vector.get(j), 1e-6, "row " + (i + 1));
            }
        }
    }

    private long batches(String step) {
        return lake.number("SELECT count(*) FROM {items_embeddings_batches} WHERE step = '" + step + "'");
    }

    @Test
    void vectorsAndFingerprintAreThoseOfCallsAndEveryTextIsPaidOnce() {
        String[] texts = texts(20);
        lake.items(texts);
        try (FakeProvider fake = openAi()) {
            JobSpec batches = job(fake, "embeddings[0].batch.texts=9", "embeddings[0].batch.at-once=2");
            RunRecord run = lake.run(batches);
            assertEquals(20, Lake.only(run).embedded());
            assertEquals(
                    lake.number("SELECT sum(tokens) FROM {items_embeddings}"),
                    Lake.only(run).tokens());
            requireVectors(texts);
            assertEquals(20 + PROBE, fake.stats().billings());
            assertEquals(3, batches("FINISHED"));
            long asked = fake.stats().requests();
            lake.runs(batches, 0, 0);
            assertEquals(asked, fake.stats().requests());

            Map<Object, List<Float>> vectors = lake.vectors();
            lake.runs(job(fake, "embeddings[0].mode=stream"), 0, 0);
            lake.sql("DELETE FROM {items_embeddings}");
            RunRecord calls = lake.run(job(fake, "embeddings[0].mode=stream"));
            assertEquals(20, Lake.only(calls).embedded());
            assertEquals(Lake.only(run).fingerprint(), Lake.only(calls).fingerprint());
            assertEquals(vectors, lake.vectors());
        }
    }

    @Tag("heavy")
    @Test
    void whatARunLeavesWithTheProviderIsKeptByTheNextWhateverTheSourceHasThen() {
        lake.items(texts(10));
        try (FakeProvider fake = start(settings(Provider.OPENAI).withBatchPolls(3))) {
            JobSpec job = job(fake, "embeddings[0].batch.texts=5");
            RecordingObserver dying = new RecordingObserver().when("Waiting", () -> {
                throw new IllegalStateException("died");
            });
            assertThrows(IllegalStateException.class, () -> lake.report(job, dying));
            WorkPlan.Batches underWay =
                    lake.plan(job).columns().get(0).batches().orElseThrow();
            assertEquals(2, underWay.underWay());
            assertEquals(10, underWay.textsUnderWay());
            assertEquals(
                    List.of(
                            "10 texts are in batches of an earlier run: mode batch fetches them, mode stream pays for them"
                                    + " again."),
                    lake.plan(job(fake, "embeddings[0].mode=stream"))
                            .columns()
                            .get(0)
                            .notes());
            lake.sql("DELETE FROM {items} WHERE id > 4");
            lake.sql("INSERT INTO {items} (id, text) VALUES (99, 'a new text')");

            RecordingObserver second = new RecordingObserver();
            RunRecord run = lake.report(job, second);
            assertEquals(5, Lake.only(run).embedded());
            assertEquals(0, Lake.only(run).alreadyEmbedded());
            assertEquals(11, lake.number("SELECT count(DISTINCT content_hash) FROM {items_embeddings}"));
            assertEquals(0, lake.number("SELECT count(*) FROM {items} WHERE vector IS NULL"));
            assertEquals(3, batches("UPLOADED"));
            assertEquals(1, fake.stats().rowsBilledAgain(), "the harmless text alone");
            assertTrue(
                    second.phases()
                            .contains("Waiting for 3 batches of text-embedding-3-small, 0 of 5 texts done; this process"
                                    + " may be stopped at any time, the next start goes on with them"),
                    second.phases().toString());
        }
    }

    @Tag("heavy")
    @Test
    void textsThatTheProviderRefusesAreRejectedWithTheirRowAndReason() {
        lake.items("fine", "word ".repeat(9000), "as fine", "word ".repeat(60), null);
        try (FakeProvider fake = start(settings(Provider.OPENAI).withCap(Cap.TEXT_TOKENS, 40))) {
            RunRecord run = lake.run(job(fake));
            assertEquals(2, Lake.only(run).embedded());
            assertEquals(2, Lake.only(run).rejected());
            List<Row> rejected = lake.rows("items_embeddings_rejected")
                    .select("row_id", "characters", "kind", "reason")
                    .orderBy("row_id")
                    .collectAsList();
            assertEquals(
                    "[2,45000,INVALID_INPUT,the text has 9001 tokens (at most 8192)]",
                    rejected.get(0).toString());
            assertTrue(
                    rejected.get(1).toString().startsWith("[4,300,INVALID_INPUT,HTTP 400"),
                    rejected.get(1).toString());
            lake.runs(job(fake), 0, 0);
        }
    }

    @Tag("heavy")
    @Test
    void whatABatchHadNoTimeForIsNeitherKeptNorRejectedAndDoneByTheNextRun() {
        String[] texts = texts(12);
        lake.items(texts);
        try (FakeProvider hasty = start(settings(Provider.OPENAI).withBatchEnd(BatchEnd.EXPIRED))) {
            Lake.refused(ErrorKind.EXHAUSTED, () -> lake.run(job(hasty)), "column vector", "6 were not done");
            assertEquals(6, lake.number("SELECT count(*) FROM {items_embeddings}"));
            assertEquals(0, lake.number("SELECT count(*) FROM {items_embeddings_rejected}"));
        }
        try (FakeProvider fake = openAi()) {
            assertEquals(6, Lake.only(lake.run(job(fake))).embedded());
            requireVectors(texts);
            assertEquals(6 + PROBE, fake.stats().billings());
        }
    }

    @Tag("heavy")
    @Test
    void aBatchThatIsRefusedAsAWholeStopsTheJobAndLeavesNothingOpen() {
        lake.items(texts(5));
        try (FakeProvider refusing = start(settings(Provider.OPENAI).withBatchEnd(BatchEnd.FAILED))) {
            Lake.refused(ErrorKind.CONFIGURATION, () -> lake.run(job(refusing)), "batch", "model_not_found");
            assertEquals(0, lake.number("SELECT count(*) FROM {items_embeddings_rejected}"));
        }
        try (FakeProvider fake = openAi()) {
            lake.runs(job(fake), 5, 5);
        }
    }

    @Tag("heavy")
    @Test
    void aBudgetStopsTheJobBeforeTheBatchThatWouldExceedIt() {
        lake.items(texts(40));
        try (FakeProvider fake = openAi()) {
            WorkPlan.ColumnPlan plan = lake.plan(job(fake)).columns().get(0);
            long half = plan.tokens().orElseThrow().tokens() / 2 + 1;
            JobSpec limited = job(fake, "limits.max-tokens=" + half, "embeddings[0].batch.texts=8");
            Lake.refused(ErrorKind.EXHAUSTED, () -> lake.run(limited), "limits.max-tokens is " + half, "next text");
            long kept = lake.number("SELECT count(*) FROM {items_embeddings}");
            assertTrue(kept >= 17 && kept <= 20, "kept " + kept);
            assertTrue(lake.number("SELECT sum(tokens) FROM {items_embeddings}") <= half);
            assertEquals(40 - kept, Lake.only(lake.run(job(fake))).embedded());
            assertEquals(1, fake.stats().rowsBilledAgain(), "the harmless text alone");
        }
    }

    @Test
    void thePlanSaysThatItIsABatchAndWhatItCostsWithoutSendingAnything() {
        lake.items(texts(50));
        JobSpec job = job(
                "openai",
                "text-embedding-3-small",
                URI.create("https://api.openai.com/v1"),
                "embeddings[0].batch.texts=20");
        WorkPlan.ColumnPlan plan = lake.plan(job).columns().get(0);
        assertEquals(
                new WorkPlan.Batches(20, 8, Duration.ofHours(24), 0, 0),
                plan.batches().orElseThrow());
        assertEquals(3, plan.batches().orElseThrow().of(plan.counts().toEmbed()));
        assertEquals(0.01, plan.charge().usdPerMillionTokens().orElseThrow(), 1e-12);
        assertEquals(
                "ruby_llm models.json, 2026-08-19; 50 % of it in batches",
                plan.charge().source());
    }
}
