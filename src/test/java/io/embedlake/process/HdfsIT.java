package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.fake.store.MiniHdfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs whose every file is on HDFS, with two data nodes; killed processes leave files open there. */
@Tag("stores")
class HdfsIT {
    private static final int ROWS = 2400;
    private static final int WAVE_ROWS = 400;
    private static final Map<String, String> SETTINGS = Map.of("spark.hadoop.dfs.replication", "2");

    @TempDir
    static Path work;

    private static MiniHdfs hdfs;
    private static UndisturbedRun undisturbed;

    @BeforeAll
    static void start() throws Exception {
        hdfs = MiniHdfs.start(work.resolve("hdfs"), 2);
        RemoteLake.set(SETTINGS);
        RemoteLake.writeSource(work, hdfs.root() + "/source", ROWS);
        undisturbed = UndisturbedRun.of(work, ROWS, WAVE_ROWS);
    }

    @AfterAll
    static void stop() {
        RemoteLake.unset(SETTINGS);
        hdfs.close();
    }

    private static RemoteLake lake(String name) {
        return new RemoteLake(hdfs.root() + "/source", hdfs.root() + "/" + name);
    }

    private static JsonNode column(JsonNode report) {
        return report.get("columns").get(0);
    }

    @Test
    void runsEndAsOnTheLocalDisk() throws Exception {
        RemoteLake lake = lake("whole").withJob(RemoteLake.HASHED, WAVE_ROWS);
        LocalRun.embed(lake.jobFile());
        undisturbed.requireSame(lake);
        assertEquals(0, LocalRun.embed(lake.jobFile()).get("rows_published").asInt());
        RunningProcess.Ended found = LocalRun.of("search", lake.jobFile(), "--query", "a large animal", "--k", "3");
        assertEquals(0, found.exitCode(), found.err());
    }

    @Test
    void ofSeveralWritersOneMakesAFile() throws Exception {
        lake("claims").requireOneMakerOfEachFile();
    }

    @Test
    void aModelOnHdfsEmbedsTokens() throws Exception {
        RemoteLake tokens = new RemoteLake(hdfs.root() + "/tokens/source", hdfs.root() + "/tokens");
        RemoteLake.writeSource(work, tokens.source(), 40);
        tokens.copy(Project.ROOT.resolve("src/test/resources/golden/st/dense-tanh-normalize"), hdfs.root() + "/tiny");
        tokens.withJob(
                "    model: " + hdfs.root() + "/tiny\n    precision: fp32\n    granularity: token\n"
                        + "    reduce: {method: none}\n",
                10);
        JsonNode report = LocalRun.embed(tokens.jobFile());
        assertEquals(40, report.get("rows_published").asInt());
        assertTrue(column(report).get("vectors").asLong() > 40 * 3, report.toString());
    }

    /** The process is killed as soon as a table has a version. */
    @ParameterizedTest
    @CsvSource({"store, 2", "target, 0"})
    void killedRunIsMadeGood(String table, long version) throws Exception {
        RemoteLake lake = lake("killed-" + table).withJob(RemoteLake.HASHED, WAVE_ROWS);
        try (RunningProcess process = lake.start(work, SETTINGS)) {
            process.await(() -> has(lake, lake.folder() + "/" + table, version));
            assertEquals(137, process.kill().exitCode());
        }
        JsonNode report = LocalRun.embed(lake.jobFile());
        System.out.println("HdfsIT killed at version " + version + " of " + table + ": "
                + column(report).get("already_embedded") + " texts were in the store");
        undisturbed.requireSame(lake);
    }

    private static boolean has(RemoteLake lake, String table, long version) {
        try {
            return lake.hasVersion(table, version);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The spool's files grow on HDFS, and a killed process leaves them open: what was written is read. */
    @Test
    void whatIsPaidForOnHdfsIsNotPaidForAgain() throws Exception {
        RemoteLake lake = lake("paid");
        try (FakeProvider fake = FakeProvider.start(
                Settings.of(Provider.OPENAI)
                        .withKeys("sk-stores")
                        .withDimension(16)
                        .withLatency(Duration.ofMillis(300)),
                new HashedVectors(16))) {
            Path key = Files.writeString(work.resolve("key"), "sk-stores");
            lake.withJob(RemoteLake.paid(fake.baseUrl() + "/embeddings", key), ROWS);
            long paid;
            try (RunningProcess process = lake.start(work, SETTINGS)) {
                process.await(() -> fake.stats().rowsBilled() > 600);
                assertEquals(137, process.kill().exitCode());
                paid = fake.stats().rowsBilled();
            }
            JsonNode report = LocalRun.embed(lake.jobFile());
            long again = fake.stats().rowsBilledAgain();
            System.out.printf(
                    "HdfsIT: killed after %d texts were paid for; %d were paid for twice; %d were saved%n",
                    paid, again, column(report).get("already_embedded").asLong());
            // Two tasks, each with calls under way and as many answered behind a slow one, and answers of a quarter
            // second.
            assertTrue(again <= 2 * 10 * 2 * 2 + 4 * 10, again + " of " + paid);
            assertEquals(undisturbed.texts(), lake.storedHashes().size());
            assertEquals(List.of(), lake.filesWith("_spool"));
        }
    }
}
