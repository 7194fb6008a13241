package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.fake.store.FaultyProxy;
import io.embedlake.fake.store.S3Mock;
import io.embedlake.fake.store.StoreRequest;
import io.embedlake.fake.store.Watcher;
import io.embedlake.fake.store.Weather;
import io.embedlake.retry.Sleeper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs whose every file is on S3, job file and model too, where requests wait, are refused with SlowDown and lose their connections. Processes
 * are killed at a request: when the store has not heard of it, or has obeyed and not answered.
 */
@Tag("stores")
class ObjectStoreIT {
    private static final int ROWS = 2400;
    private static final int WAVE_ROWS = 400;
    private static final String ROOT = "s3a://" + S3Mock.BUCKET + "/";
    private static final String SOURCE = ROOT + "source";
    private static final int MOST_REQUESTS = 470;
    private static final int MOST_AFTER_A_CHANGE = 385;
    private static final int MOST_WITHOUT_A_CHANGE = 48;
    private static final Weather STORM = new Weather(Duration.ofMillis(5), 0.05, 0.01, 15);

    @TempDir
    static Path work;

    private static S3Mock store;
    private static FaultyProxy proxy;
    private static Map<String, String> settings;
    private static UndisturbedRun undisturbed;

    @BeforeAll
    static void start() throws Exception {
        store = S3Mock.start(work.resolve("s3"));
        proxy = new FaultyProxy(store.address(), Sleeper.REAL);
        settings = S3Mock.settings(proxy.endpoint());
        RemoteLake.set(settings);
        RemoteLake.writeSource(work, SOURCE, ROWS);
        undisturbed = UndisturbedRun.of(work, ROWS, WAVE_ROWS);
    }

    @AfterAll
    static void stop() {
        RemoteLake.unset(settings);
        proxy.close();
        store.close();
    }

    @AfterEach
    void clearUp() {
        proxy.weather(Weather.FAIR);
        proxy.watcher(Watcher.NOBODY);
    }

    private static RemoteLake lake(String name) {
        return new RemoteLake(SOURCE, ROOT + name);
    }

    private static JsonNode column(JsonNode report) {
        return report.get("columns").get(0);
    }

    @Test
    void runsInAStormEndAsOnTheDisk() throws Exception {
        String source = ROOT + "storm/source";
        RemoteLake.writeSource(work, source, ROWS);
        RemoteLake lake = new RemoteLake(source, ROOT + "storm").withJob(RemoteLake.HASHED, WAVE_ROWS);
        proxy.weather(STORM);
        proxy.traffic().clear();
        JsonNode first = LocalRun.embed(lake.jobFile());
        System.out.println("ObjectStoreIT storm: " + RemoteLake.described(proxy));
        assertTrue(proxy.traffic().refused() > 0 && proxy.traffic().reset() > 0);
        assertEquals(undisturbed.texts(), column(first).get("embedded").asInt());
        assertTrue(lake.hasVersion(lake.store(), 5), "several waves");
        proxy.weather(Weather.FAIR);
        undisturbed.requireSame(lake);

        proxy.weather(STORM);
        JsonNode second = LocalRun.embed(lake.jobFile());
        assertEquals(0, second.get("rows_published").asInt());

        proxy.weather(Weather.FAIR);
        change(source, 50, "concat(definition, ' indeed')");
        proxy.weather(STORM);
        JsonNode third = LocalRun.embed(lake.jobFile());
        assertEquals(50, column(third).get("embedded").asInt());
        assertTrue(third.get("look").asText().startsWith("rows that changed"), third.toString());
        assertEquals(50, third.get("rows_published").asInt());

        RunningProcess.Ended found =
                LocalRun.of("search", lake.jobFile(), "--query", "a large animal", "--k", "3", "--output", "json");
        assertEquals(0, found.exitCode(), found.err());
        assertFalse(found.out().isBlank());
    }

    /** Gives the first rows of a table other texts. */
    private static void change(String source, int rows, String definition) {
        String last = LocalRun.spark()
                .read()
                .format("delta")
                .load(source)
                .orderBy("synset")
                .limit(rows)
                .selectExpr("max(synset)")
                .first()
                .getString(0);
        LocalRun.spark()
                .sql("UPDATE delta.`" + source + "` SET definition = " + definition + " WHERE synset <= '" + last
                        + "'");
    }

    /** What a run asks of S3 grows with its files, not with its rows: the bounds are a third above what was counted (docs/stores.md). */
    @Test
    void requestsOfRunsAreBounded() throws Exception {
        String source = ROOT + "counted/source";
        int rows = 100_000;
        LocalRun.spark()
                .range(0, rows, 1, 4)
                .selectExpr("id AS synset", "concat('review ', id, ' of product ', id % 997L) AS definition")
                .write()
                .format("delta")
                .save(source);
        RemoteLake lake = new RemoteLake(source, ROOT + "counted").withJob(RemoteLake.HASHED, rows);
        assertEquals(
                rows,
                embedCounted("first run", lake, MOST_REQUESTS)
                        .get("rows_published")
                        .asInt());
        LocalRun.spark()
                .sql("UPDATE delta.`" + source
                        + "` SET definition = concat(definition, ' indeed') WHERE synset < 1000");
        assertEquals(
                1000,
                embedCounted("1,000 rows changed", lake, MOST_AFTER_A_CHANGE)
                        .get("rows_published")
                        .asInt());
        embedCounted("nothing changed", lake, MOST_WITHOUT_A_CHANGE);
    }

    private static JsonNode embedCounted(String what, RemoteLake lake, int most) {
        proxy.traffic().clear();
        JsonNode report = LocalRun.embed(lake.jobFile());
        System.out.println("ObjectStoreIT " + what + ": " + RemoteLake.described(proxy) + "\n"
                + proxy.traffic().byFolder());
        assertTrue(proxy.traffic().total() <= most, RemoteLake.described(proxy));
        return report;
    }

    @Test
    void anIndexOnS3IsBuiltKeptUpAndSearched() throws Exception {
        String source = ROOT + "index/source";
        RemoteLake.writeSource(work, source, ROWS);
        RemoteLake lake =
                new RemoteLake(source, ROOT + "index").withJob(RemoteLake.HASHED + "    index: {lists: auto}\n", ROWS);
        proxy.weather(STORM);
        LocalRun.embed(lake.jobFile());
        proxy.weather(Weather.FAIR);
        change(source, 1, "'a purple elephant of glass'");
        proxy.weather(STORM);
        LocalRun.embed(lake.jobFile());
        RunningProcess.Ended found = LocalRun.of(
                "search", lake.jobFile(), "--query", "a purple elephant of glass", "--k", "1", "--output", "json");
        assertEquals(0, found.exitCode(), found.err());
        assertTrue(found.out().contains("a purple elephant of glass"), found.out());
        assertTrue(found.err().contains("index"), found.err());
    }

    @Test
    void ofSeveralWritersOneMakesAFile() throws Exception {
        proxy.weather(new Weather(Duration.ofMillis(5), 0.05, 0.2, 16));
        lake("claims").requireOneMakerOfEachFile();
    }

    @Test
    void tokensAreEmbeddedByAModelOnS3() throws Exception {
        RemoteLake lake = lake("tokens");
        lake.copy(Project.ROOT.resolve("src/test/resources/golden/st/dense-tanh-normalize"), ROOT + "models/tiny");
        String source = ROOT + "tokens/source";
        RemoteLake.writeSource(work, source, 40);
        RemoteLake tokens = new RemoteLake(source, ROOT + "tokens")
                .withJob(
                        "    model: " + ROOT + "models/tiny\n    precision: fp32\n"
                                + "    granularity: token\n    reduce: {method: none}\n",
                        10);
        proxy.weather(STORM);
        JsonNode report = LocalRun.embed(tokens.jobFile());
        assertEquals(40, report.get("rows_published").asInt());
        assertTrue(column(report).get("vectors").asLong() > 40 * 3, report.toString());
        JsonNode again = LocalRun.embed(tokens.jobFile());
        assertEquals(0, column(again).get("embedded").asInt());
        proxy.weather(Weather.FAIR);
        assertEquals(
                40,
                LocalRun.spark()
                        .read()
                        .format("delta")
                        .load(tokens.target())
                        .where("size(" + RemoteLake.VECTOR + ") > 2")
                        .count());
    }

    /** When a process is killed: as a request has arrived, or when the store has obeyed it. */
    private enum Moment {
        UNHEARD,
        OBEYED
    }

    /** A kill at the first request that writes an object whose key begins so. */
    private record Kill(String object, Moment moment) {}

    private static final List<Kill> KILLS = List.of(
            new Kill("store/_delta_log/00000000000000000000.json", Moment.UNHEARD),
            new Kill("store/_delta_log/00000000000000000000.json", Moment.OBEYED),
            new Kill("store/part-", Moment.OBEYED),
            new Kill("store/_delta_log/00000000000000000001.json", Moment.UNHEARD),
            new Kill("store/_delta_log/00000000000000000003.json", Moment.OBEYED),
            new Kill("store_reducers/_delta_log/00000000000000000001.json", Moment.UNHEARD),
            new Kill("store_reducers/_delta_log/00000000000000000001.json", Moment.OBEYED),
            new Kill("target/_delta_log/00000000000000000000.json", Moment.OBEYED),
            new Kill("target/_delta_log/00000000000000000001.json", Moment.UNHEARD),
            new Kill("target/_delta_log/00000000000000000001.json", Moment.OBEYED));

    /** A process is killed, the one that goes on is killed at a later moment, and so on; the last one ends. */
    @Test
    void tenKillsInARowLoseNothingAndDoubleNothing() throws Exception {
        RemoteLake lake = lake("killed").withJob(RemoteLake.HASHED, WAVE_ROWS);
        proxy.weather(STORM);
        for (Kill kill : KILLS) {
            kill(lake, request -> request.writes("killed/" + kill.object()), kill.moment());
            System.out.println("ObjectStoreIT killed: " + kill);
        }
        JsonNode report = LocalRun.embed(lake.jobFile());
        proxy.weather(Weather.FAIR);
        assertEquals(undisturbed.texts(), column(report).get("already_embedded").asInt());
        undisturbed.requireSame(lake);
    }

    /** Answers that a killed process had on S3 are not paid for again. */
    @Test
    void whatIsPaidForOnS3IsNotPaidForAgain() throws Exception {
        RemoteLake lake = lake("paid");
        try (FakeProvider fake = FakeProvider.start(
                Settings.of(Provider.OPENAI)
                        .withKeys("sk-stores")
                        .withDimension(16)
                        .withLatency(Duration.ofMillis(400)),
                new HashedVectors(16))) {
            Path key = Files.writeString(work.resolve("key"), "sk-stores");
            lake.withJob(RemoteLake.paid(fake.baseUrl() + "/embeddings", key), ROWS);
            AtomicReference<Long> paid = new AtomicReference<>(0L);
            kill(
                    lake,
                    request -> request.writes("paid/store/_spool/")
                            && !request.key().endsWith("alive"),
                    Moment.OBEYED);
            paid.set(fake.stats().rowsBilled());
            JsonNode report = LocalRun.embed(lake.jobFile());
            long again = fake.stats().rowsBilledAgain();
            System.out.printf(
                    "ObjectStoreIT: killed after %d texts were paid for; %d were paid for twice; %d were saved%n",
                    paid.get(), again, column(report).get("already_embedded").asLong());
            assertTrue(column(report).get("already_embedded").asLong() > 0, "nothing was saved");
            assertTrue(again < paid.get(), again + " of " + paid.get());
            assertEquals(undisturbed.texts(), lake.storedHashes().size());
            assertEquals(List.of(), lake.filesWith("_spool"));
        }
    }

    /** Which requests a test waits for. */
    private interface Asked {
        boolean is(StoreRequest request);
    }

    private static void kill(RemoteLake lake, Asked asked, Moment moment) throws Exception {
        AtomicReference<RunningProcess> running = new AtomicReference<>();
        AtomicBoolean isKilled = new AtomicBoolean();
        proxy.watcher(new Watcher() {
            @Override
            public Outcome arrived(StoreRequest request) {
                return at(Moment.UNHEARD, request);
            }

            @Override
            public Outcome obeyed(StoreRequest request) {
                return at(Moment.OBEYED, request);
            }

            private Outcome at(Moment now, StoreRequest request) {
                if (now != moment || !asked.is(request) || !isKilled.compareAndSet(false, true)) {
                    return isKilled.get() ? Outcome.IS_LOST : Outcome.GOES_ON;
                }
                try {
                    running.get().kill();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return Outcome.IS_LOST;
            }
        });
        try (RunningProcess process = lake.start(work, settings)) {
            running.set(process);
            RunningProcess.Ended ended = process.end();
            assertTrue(
                    isKilled.get(),
                    () -> "the request never came; the process ended with " + ended.exitCode() + "\n" + ended.err());
            assertEquals(137, ended.exitCode(), ended.err());
        } finally {
            proxy.watcher(Watcher.NOBODY);
        }
    }
}
