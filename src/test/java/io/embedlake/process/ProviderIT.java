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
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that pay for their vectors, as a user starts them. */
class ProviderIT {
    private static final String KEY = "sk-process-4b1d0f7c9a";
    private static final String COLUMN = "definition_embedding";
    private static final int TEXTS_A_CALL = 10;
    private static final int IN_FLIGHT = 2;
    private static final Pattern BASE_URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/v1");

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>(RunningProcess.QUICK_START);

    /** The example of the documentation, and after it nothing of the key or of a text stands anywhere but in tables. */
    @Tag("heavy")
    @Test
    void theExampleWithTheFakeLeavesNeitherKeyNorTextBehindAndABudgetEndsIt() throws Exception {
        environment.put("OPENAI_API_KEY", KEY);
        try (RunningProcess fake = RunningProcess.start(
                folder,
                environment,
                List.of(
                        Project.ROOT.resolve("jobs/fake-provider").toString(),
                        "--provider",
                        "openai",
                        "--port",
                        "0",
                        "--key",
                        KEY))) {
            fake.await(() -> BASE_URL.matcher(fake.out()).find());
            Matcher url = BASE_URL.matcher(fake.out());
            assertTrue(url.find(), fake.out() + fake.err());
            Path events = Files.createDirectories(folder.resolve("events"));
            Files.writeString(
                    folder.resolve("job.yaml"),
                    Files.readString(Project.ROOT.resolve("conf/openai-fake.yaml"))
                            .replace(
                                    "conf/quickstart/definitions.jsonl",
                                    definitions(400).toString())
                            .replace("http://127.0.0.1:8123/v1", url.group()));
            RunningProcess.Ended stopped = embed(
                    "--set",
                    "limits.max-tokens=2000",
                    "--set",
                    "spark.spark.eventLog.enabled=true",
                    "--set",
                    "spark.spark.eventLog.dir=" + events.toUri());
            assertEquals(4, stopped.exitCode(), stopped.err() + stopped.out());
            assertTrue(stopped.err().contains("limits.max-tokens"), stopped.err());
            assertFalse(stopped.err().contains("\tat "), stopped.err());
            long billed = stats(url.group()).get("tokens_billed").asLong();
            assertTrue(billed > 1500 && billed <= 2000 + 20, billed + " tokens for 2000, and the harmless text");

            RunningProcess.Ended done = embed(
                    "--set",
                    "spark.spark.eventLog.enabled=true",
                    "--set",
                    "spark.spark.eventLog.dir=" + events.toUri());
            done.requireExit(0);
            JsonNode stats = stats(url.group());
            assertEquals(1, stats.get("rows_billed_again").asInt(), "the harmless text alone");
            for (String secret : List.of(KEY, "taxonomic kingdom comprising", "genetic recombination")) {
                for (String said : List.of(stopped.out(), stopped.err(), done.out(), done.err(), fake.err())) {
                    assertFalse(said.contains(secret), said);
                }
                forEachFile(events, bytes -> assertFalse(bytes.contains(secret), secret + " is in the event log"));
            }
            assertTrue(Files.list(events).count() > 0, "there are event logs");
            forEachFile(folder.resolve("warehouse"), bytes -> assertFalse(bytes.contains(KEY)));
        }
    }

    /** The driver is killed while calls are under way: what was answered before is not paid for again. */
    @Test
    void killedDriverPaysTwiceForNoMoreThanWasUnderWay() throws Exception {
        try (FakeProvider fake = FakeProvider.start(slow(), new HashedVectors(16))) {
            slowJob(fake);
            long paid;
            try (RunningProcess run = RunningProcess.launch(folder, environment, "embed", "job.yaml")) {
                run.await(() -> fake.stats().rowsBilled() > 600);
                assertEquals(137, run.kill().exitCode());
                paid = fake.stats().rowsBilled();
            }
            LocalRun.embed(folder.resolve("job.yaml"));
            paidTwiceForLittle("the driver", paid, fake);
        }
    }

    /** One of two executors is killed: Spark gives its partitions to another, which finds what the first has paid for. */
    @Tag("heavy")
    @Test
    void killedExecutorPaysTwiceForNoMoreThanWasUnderWay() throws Exception {
        try (SparkDistribution distribution = SparkDistribution.make(folder.resolve("spark"));
                FakeProvider fake = FakeProvider.start(slow(), new HashedVectors(16))) {
            slowJob(fake);
            environment.put("SPARK_HOME", distribution.home().toString());
            environment.put("EMBEDLAKE_SPARK", "");
            environment.put(
                    "EMBEDLAKE_SUBMIT_OPTIONS", "--master local-cluster[2,1,1024] --conf spark.driver.host=localhost");
            long paid;
            try (RunningProcess run = RunningProcess.launch(folder, environment, "embed", "job.yaml")) {
                run.await(() -> fake.stats().rowsBilled() > 600);
                List<ProcessHandle> executors = run.descendants("CoarseGrainedExecutorBackend");
                assertTrue(executors.size() >= 2, executors.toString());
                assertTrue(executors.get(0).destroyForcibly());
                paid = fake.stats().rowsBilled();
                run.end().requireExit(0);
            }
            paidTwiceForLittle("an executor", paid, fake);
        }
    }

    private static Settings slow() {
        return Settings.of(Provider.OPENAI).withKeys(KEY).withDimension(16).withLatency(Duration.ofMillis(300));
    }

    private void slowJob(FakeProvider fake) throws IOException {
        Path key = Files.writeString(folder.resolve("key"), KEY);
        Files.writeString(
                folder.resolve("job.yaml"),
                Files.readString(Project.ROOT.resolve("conf/openai-fake.yaml"))
                        .replace("env:OPENAI_API_KEY", "file:" + key)
                        .replace("delta.`warehouse/", "delta.`" + folder.resolve("warehouse") + "/")
                        .replace(
                                "conf/quickstart/definitions.jsonl",
                                definitions(1200).toString())
                        .replace("http://127.0.0.1:8123/v1", fake.baseUrl() + "/embeddings")
                        .replace(
                                "platform: openai",
                                "platform: http\n    request: '{\"model\": \"{model}\", \"input\": \"{texts}\"}'"
                                        + "\n    vectors: data[*].embedding\n    indices: data[*].index"
                                        + "\n    texts-per-call: " + TEXTS_A_CALL)
                        .replace("    dimensions: 384\n", "")
                        .replace("reduce: {method: pca, dimensions: 64}", "reduce: {method: none}")
                        .replace("limits:\n", "limits:\n  in-flight: " + IN_FLIGHT + "\n"));
    }

    private void paidTwiceForLittle(String killed, long paid, FakeProvider fake) throws IOException {
        Stats stats = fake.stats();
        // Two tasks, each with calls under way and as many answered behind a slow one, and answers of a quarter second.
        long underWay = 2L * TEXTS_A_CALL * 2 * IN_FLIGHT + 4 * TEXTS_A_CALL;
        System.out.printf(
                "ProviderIT: %s killed after %d of %d texts were paid for, %d were paid for twice (at most %d)%n",
                killed, paid, stats.rowsBilled(), stats.rowsBilledAgain(), underWay);
        assertTrue(stats.rowsBilledAgain() <= underWay, stats.toString());
        assertTrue(paid > 4 * underWay && paid < 1150, paid + " texts were paid for");
        Map<String, List<Integer>> vectors = PublishedTable.read(
                        folder.resolve("warehouse/openai_fake"), "synset", COLUMN)
                .vectors();
        assertEquals(1200, vectors.size());
        assertFalse(vectors.containsValue(List.of()), "a row has no vector");
        try (Stream<Path> left = Files.walk(folder.resolve("warehouse"))) {
            assertEquals(
                    List.of(),
                    left.filter(file -> file.toString().contains("_spool") && Files.isRegularFile(file))
                            .toList());
        }
    }

    private RunningProcess.Ended embed(String... more) throws Exception {
        List<String> arguments = new java.util.ArrayList<>(List.of("embed", "job.yaml"));
        arguments.addAll(List.of(more));
        return RunningProcess.run(folder, environment, arguments.toArray(String[]::new));
    }

    private Path definitions(int rows) throws IOException {
        return Project.definitions(folder.resolve("definitions.jsonl"), rows);
    }

    private static JsonNode stats(String baseUrl) throws Exception {
        URI address = URI.create(baseUrl).resolve("/_fake/stats");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        return LocalRun.lines(answer.body()).get(0);
    }

    private static void forEachFile(Path folder, java.util.function.Consumer<String> check) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    check.accept(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
