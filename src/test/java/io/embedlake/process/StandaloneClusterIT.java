package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.service.Stats;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job jar on a standalone cluster of Spark as it is distributed: master, workers, drivers and executors are JVMs of their own. */
class StandaloneClusterIT {
    private static final String COLUMN = "definition_embedding";
    private static final String KEY = "sk-standalone-5d0c";
    private static final int ROWS = 100;
    private static final Path JAR = Project.ROOT.resolve("target/embedlake-0.1.0-job.jar");
    private static final List<String> CLUSTER_MODE =
            List.of("--deploy-mode", "cluster", "--conf", "spark.standalone.submit.waitAppCompletion=true");

    @TempDir
    static Path folder;

    private static StandaloneCluster cluster;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = StandaloneCluster.start(PythonEnvironment.get().sparkHome(), folder.resolve("cluster"));
        Project.definitions(folder.resolve("definitions.jsonl"), ROWS);
    }

    @AfterAll
    static void stopCluster() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** The driver, which tries the model, once asked an executor's plugin for a permit, and the run ended with an internal error. */
    @Test
    void clientModePublishesWhatAProviderWithLimitsMakesAndEndsWithTheExitCode() throws Exception {
        try (FakeProvider fake = fake()) {
            JsonNode report = LocalRun.lines(
                            cluster.submit(List.of(), JAR, "embed", paidJob("client", fake), "--output", "json")
                                    .requireExit(0)
                                    .out())
                    .get(0);
            assertEquals(ROWS, report.get("rows_published").asInt());
            assertPaidOnce(fake.stats());
            assertFalse(vectors("client").containsValue(List.of()), "a row has no vector");
        }
        RunningProcess.Ended missing = cluster.submit(List.of(), JAR, "embed", "missing.yaml");
        assertEquals(2, missing.exitCode(), missing.err());
        assertTrue(missing.err().contains("missing.yaml (no such file)"), missing.err());
    }

    @Tag("heavy")
    @Test
    void clientModeEndsWithTheExitCodeOfABudgetAndTheNextRunResumes() throws Exception {
        try (FakeProvider fake = fake()) {
            String job = paidJob("resumed", fake);
            RunningProcess.Ended stopped =
                    cluster.submit(List.of(), JAR, "embed", job, "--set", "limits.max-tokens=500");
            assertEquals(4, stopped.exitCode(), stopped.err());
            assertTrue(stopped.err().contains("limits.max-tokens"), stopped.err());
            cluster.submit(List.of(), JAR, "embed", job).requireExit(0);
            assertPaidOnce(fake.stats());
            assertEquals(ROWS, vectors("resumed").size());
        }
    }

    /** spark-submit itself ends with 0 however the driver ends: docs/deploy.md. */
    @Tag("heavy")
    @Test
    void clusterModePublishesAndAFailedCommandIsAFailedDriver() throws Exception {
        Path job = job("cluster-mode", "hashing", "    dimensions: 64\n");
        RunningProcess.Ended done =
                cluster.submit(CLUSTER_MODE, JAR, "embed", job.toUri().toString());
        assertEquals("FINISHED", StandaloneCluster.stateOfDriver(done.requireExit(0)), cluster.outputOfDrivers());
        LocalRun.embed(job("local", "hashing", "    dimensions: 64\n"));
        assertEquals(vectors("local"), vectors("cluster-mode"));

        RunningProcess.Ended failed = cluster.submit(
                CLUSTER_MODE, JAR, "embed", folder.resolve("missing.yaml").toString());
        assertEquals("FAILED", StandaloneCluster.stateOfDriver(failed.requireExit(0)));
        assertTrue(cluster.outputOfDrivers().contains("missing.yaml (no such file)"), cluster.outputOfDrivers());
    }

    private static FakeProvider fake() throws IOException {
        return FakeProvider.start(Settings.of(Provider.OPENAI).withKeys(KEY).withDimension(16), new HashedVectors(16));
    }

    private static void assertPaidOnce(Stats stats) {
        assertTrue(stats.rowsBilled() >= ROWS, stats.toString());
        assertTrue(stats.rowsBilledAgain() <= 1, "the harmless text alone: " + stats);
    }

    private static Map<String, List<Integer>> vectors(String target) {
        return PublishedTable.read(folder.resolve(target), "synset", COLUMN).vectors();
    }

    private static String paidJob(String name, FakeProvider fake) throws IOException {
        Path key = Files.writeString(folder.resolve("key"), KEY);
        Path job = job(
                name,
                "openai",
                "    model: text-embedding-3-small\n    dimensions: 16\n    api-key: file:" + key + "\n    endpoint: "
                        + fake.baseUrl() + "\nlimits: {requests-per-minute: 300, max-tokens: 40000}\n");
        return job.toString();
    }

    private static Path job(String name, String platform, String more) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                "job: " + name + "\nsource: {path: " + folder.resolve("definitions.jsonl")
                        + ", format: json, id: synset}\ntarget: {table: \"delta.`" + folder.resolve(name) + "`\"}\n"
                        + "embeddings:\n  - column: " + COLUMN
                        + "\n    attribute: definition\n    reduce: {method: none}\n"
                        + "    platform: " + platform + "\n" + more);
    }
}
