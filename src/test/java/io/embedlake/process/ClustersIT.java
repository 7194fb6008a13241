package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.service.Stats;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.process.StandaloneCluster.Machines;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a job does when something happens to its cluster: the table of docs/operations.md. Each case is a run on a standalone cluster with two workers of two
 * cores. {@code mvn verify -Pclusters}
 */
@Tag("clusters")
class ClustersIT {
    private static final String COLUMN = "definition_embedding";
    private static final String KEY = "sk-clusters-71c2";
    private static final int ROWS = 1200;
    private static final int TEXTS_A_CALL = 10;
    private static final int IN_FLIGHT = 2;
    /**
     * What an executor that dies has paid for and not kept: its calls under way, as many answered behind a slow one, and the answers of a quarter of a second.
     */
    private static final long UNDER_WAY = 3L * TEXTS_A_CALL * IN_FLIGHT;

    private static final long HARMLESS_TEXT = 1;
    private static final Path JAR = Project.ROOT.resolve("target/embedlake-0.1.0-job.jar");
    private static final Path JAR_WITH_NATIVES = Project.ROOT.resolve("target/embedlake-0.1.0-job-with-natives.jar");
    private static final Pattern PROGRESS = Pattern.compile("([\\d,]+) of [\\d,]+ texts");
    private static final Pattern COPY_HAS_ENDED = Pattern.compile("Finished task \\d+\\.1 in stage");
    private static final Pattern EMBEDDERS = Pattern.compile("(\\d+) +\\d+ +io\\.embedlake\\.local\\.\\w+Embedder\\s");

    @TempDir
    static Path folder;

    @AutoClose
    private static SparkDistribution distribution;

    @AutoClose
    private static StandaloneCluster cluster;

    @BeforeAll
    static void startCluster() throws Exception {
        distribution = SparkDistribution.make(folder.resolve("spark"));
        Project.definitions(folder.resolve("definitions.jsonl"), ROWS);
        Files.writeString(folder.resolve("key"), KEY);
        Map<String, String> elsewhere = Map.of(
                "EMBEDLAKE_CACHE", folder.resolve("cache-of-executors").toString(),
                "HF_HOME", folder.resolve("hub-of-executors").toString(),
                "HF_HUB_OFFLINE", "1");
        cluster = StandaloneCluster.start(
                distribution.home(),
                folder.resolve("cluster"),
                new Machines(2, Map.of(), List.of(elsewhere, elsewhere)));
        Path model = Files.createDirectories(folder.resolve("cluster/model"));
        copyOfResource("/all-minilm-l6-v2.onnx", model.resolve("model.onnx"));
        copyOfResource("/all-minilm-l6-v2-tokenizer.json", model.resolve("tokenizer.json"));
    }

    // ---- executors come and go

    @Test
    void anExecutorThatIsKilledIsReplacedAndPaysTwiceForNoMoreThanWasUnderWay() throws Exception {
        try (FakeProvider fake = fake();
                RunningProcess run = cluster.begin(List.of(), JAR, "embed", paidJob("killed", fake, ""))) {
            awaitPaid(run, fake, 400);
            assertTrue(executor(0).destroyForcibly());
            run.end().requireExit(0);
            assertPublishedOnce("killed");
            assertPaidTwiceAtMost("an executor killed", UNDER_WAY, fake);
        }
    }

    /** The model is a folder that only exists as seen from the driver; executors find no cache and no hub. */
    @Test
    void eachExecutorGetsTheModelOnceLoadsItOnceAndSoDoesOneThatReplacesAKilledOne() throws Exception {
        String job = job("shipped", "huggingface", "    model: /proc/self/cwd/model\n", "");
        int most = 0;
        try (RunningProcess run = cluster.begin(List.of(), JAR_WITH_NATIVES, "embed", job)) {
            run.await(() -> progress(run) > 200);
            for (int worker = 0; worker < 2; worker++) {
                most = Math.max(most, loadedIn(executor(worker)));
            }
            assertTrue(executor(0).destroyForcibly());
            run.end().requireExit(0);
        }
        assertPublishedOnce("shipped");
        assertEquals(1, most, "copies of the model in the memory of an executor with two tasks");
        List<Long> copies = new ArrayList<>();
        for (int worker = 0; worker < 2; worker++) {
            for (String log : newest(cluster.logsOfExecutors(worker), worker == 0 ? 2 : 1)) {
                copies.add(log.lines()
                        .filter(line -> line.contains("Unpacking an archive") && line.contains("embedlake-model-"))
                        .count());
            }
        }
        assertEquals(List.of(1L, 1L, 1L), copies, "copies of the model that executors have fetched");
        assertFalse(Files.exists(folder.resolve("hub-of-executors")), "nobody asked the hub");
    }

    @Test
    void executorsThatDynamicAllocationAddsGetTheirShare() throws Exception {
        Path events = folder.resolve("events-dynamic");
        List<String> options = new ArrayList<>(EventLog.options(events));
        options.addAll(settings(Map.of(
                "spark.dynamicAllocation.enabled", "true",
                "spark.dynamicAllocation.shuffleTracking.enabled", "true",
                "spark.dynamicAllocation.initialExecutors", "1",
                "spark.dynamicAllocation.minExecutors", "1",
                "spark.dynamicAllocation.maxExecutors", "2",
                "spark.dynamicAllocation.schedulerBacklogTimeout", "8s",
                "spark.executor.cores", "2")));
        try (FakeProvider fake = fake()) {
            cluster.submit(options, JAR, "embed", paidJob("dynamic", fake, "")).requireExit(0);
            assertPublishedOnce("dynamic");
            assertPaidTwiceAtMost("executors added", 0, fake);
        }
        EventLog log = EventLog.read(events);
        System.out.println("ClustersIT: texts of executors with dynamic allocation " + log.texts());
        assertEquals(2, log.executorsAdded());
        assertTrue(log.texts().getOrDefault("1", 0L) > 100, log.texts().toString());
    }

    @Test
    void aDecommissionedExecutorEndsItsTasksAndNothingIsPaidTwice() throws Exception {
        try (FakeProvider fake = fake();
                RunningProcess run = cluster.begin(
                        settings(Map.of(
                                "spark.decommission.enabled", "true",
                                "spark.storage.decommission.enabled", "true",
                                "spark.storage.decommission.rddBlocks.enabled", "true",
                                "spark.storage.decommission.shuffleBlocks.enabled", "true")),
                        JAR,
                        "embed",
                        paidJob("decommissioned", fake, ""))) {
            awaitPaid(run, fake, 400);
            signal(executor(0), "PWR");
            run.end().requireExit(0);
            assertPublishedOnce("decommissioned");
            assertPaidTwiceAtMost("an executor decommissioned", 0, fake);
        }
        // It may not get to exit by itself: the run ends before.
        assertTrue(
                cluster.logsOfExecutors(0).stream()
                        .anyMatch(log -> log.contains("Will exit when finished decommissioning")),
                "the executor has noticed");
    }

    // ---- slow executors

    @Test
    void copiesOfTasksOfASlowExecutorPayForNothingThatItPaysFor() throws Exception {
        Path events = folder.resolve("events-slow");
        try (FakeProvider fake = fake();
                RunningProcess run = cluster.begin(speculation(events), JAR, "embed", paidJob("slow", fake, ""))) {
            awaitPaid(run, fake, 200);
            ProcessHandle slow = executor(0);
            while (run.isRunning()) {
                signal(slow, "STOP");
                run.await(Duration.ofMillis(900));
                signal(slow, "CONT");
                run.await(Duration.ofMillis(100));
            }
            run.end().requireExit(0);
            assertPublishedOnce("slow");
            assertPaidTwiceAtMost("an executor slow, and copies of its tasks", 0, fake);
        }
        assertTrue(EventLog.read(events).copies() > 0, "Spark has started copies");
    }

    /** The copies take over from it, and what it does when it goes on is not paid for. */
    @Test
    void copiesOfTasksOfAnExecutorThatStandsStillPayTwiceForNoMoreThanWasUnderWay() throws Exception {
        Path events = folder.resolve("events-still");
        try (FakeProvider fake = fake();
                RunningProcess run = cluster.begin(speculation(events), JAR, "embed", paidJob("still", fake, ""))) {
            awaitPaid(run, fake, 200);
            ProcessHandle still = executor(0);
            signal(still, "STOP");
            run.await(() -> COPY_HAS_ENDED.matcher(run.err()).find());
            signal(still, "CONT");
            run.end().requireExit(0);
            assertPublishedOnce("still");
            assertPaidTwiceAtMost("an executor stopped, and copies of its tasks", UNDER_WAY, fake);
        }
        assertTrue(EventLog.read(events).copies() > 0, "Spark has started copies");
    }

    private static List<String> speculation(Path events) throws IOException {
        List<String> options = new ArrayList<>(EventLog.options(events));
        options.addAll(settings(Map.of(
                "spark.speculation", "true",
                "spark.speculation.quantile", "0.25",
                "spark.speculation.multiplier", "1.5",
                "spark.speculation.interval", "500ms",
                "spark.speculation.minTaskRuntime", "1s")));
        return options;
    }

    // ---- a full disk

    @Test
    void aWorkerWithoutDiskSpaceEndsTheRunWithOneSentenceOrIsLeftOut() throws Exception {
        Path small = Files.createDirectories(folder.resolve("small"));
        mount(small);
        try (StandaloneCluster own = StandaloneCluster.start(
                distribution.home(),
                folder.resolve("cluster-full"),
                new Machines(2, Map.of(), List.of(Map.of(), Map.of("SPARK_LOCAL_DIRS", small.toString()))))) {
            try (FakeProvider fake = fake()) {
                String job = paidJob("full", fake, "waves: {rows: 400}\n");
                // With four tries a task may find the other worker.
                List<String> once = settings(Map.of("spark.task.maxFailures", "1"));
                RunningProcess.Ended full = filled(own, once, fake, job, small);
                assertEndsWithSentence(
                        5, "Cannot .* \\(No space left on device\\)\\. Free some space and start .*", full);
                assertTrue(stored("full").size() >= 350, "the first wave is committed");
                Files.delete(small.resolve("filler"));
                own.submit(List.of(), JAR, "embed", job).requireExit(0);
                assertPublishedOnce("full");
                assertPaidTwiceAtMost("a disk full, and the next run", HARMLESS_TEXT, fake);
            }
            try (FakeProvider fake = fake()) {
                List<String> leftOut = settings(Map.of("spark.excludeOnFailure.enabled", "true"));
                filled(own, leftOut, fake, paidJob("left-out", fake, "waves: {rows: 400}\n"), small)
                        .requireExit(0);
                assertPublishedOnce("left-out");
                assertPaidTwiceAtMost("a disk full, and its executor left out", 0, fake);
            }
        } finally {
            command("umount", small.toString());
        }
    }

    /** A run in whose second wave the disk of the second worker gets full. */
    private static RunningProcess.Ended filled(
            StandaloneCluster own, List<String> options, FakeProvider fake, String job, Path small) throws Exception {
        try (RunningProcess run = own.begin(options, JAR, "embed", job)) {
            awaitPaid(run, fake, 500);
            try (OutputStream filler = Files.newOutputStream(small.resolve("filler"))) {
                for (byte[] block = new byte[1 << 16]; ; ) {
                    filler.write(block);
                }
            } catch (IOException e) {
                // It is full.
            }
            return run.end();
        }
    }

    private static void mount(Path small) throws Exception {
        if (command("mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", small.toString()) != 0) {
            Assumptions.abort("no small file system can be mounted here");
        }
    }

    // ---- encryption

    @Test
    void encryptedConnectionsAndShufflesCarryPermitsAndModels() throws Exception {
        Map<String, String> secret = Map.of("spark.authenticate", "true", "spark.authenticate.secret", "s3cret");
        Map<String, String> encrypted = new HashMap<>(secret);
        encrypted.put("spark.network.crypto.enabled", "true");
        encrypted.put("spark.io.encryption.enabled", "true");
        List<String> options = settings(encrypted);
        Map<String, String> daemons = new HashMap<>(encrypted);
        // A master that knows the secret accepts no drivers over HTTP.
        daemons.put("spark.master.rest.enabled", "false");
        try (StandaloneCluster own = StandaloneCluster.start(
                        distribution.home(),
                        folder.resolve("cluster-encrypted"),
                        new Machines(2, daemons, List.of(Map.of(), Map.of())));
                FakeProvider fake = fake()) {
            own.submit(options, JAR, "embed", paidJob("permits", fake, "")).requireExit(0);
            assertPublishedOnce("permits");
            assertPaidTwiceAtMost("encrypted", 0, fake);

            Set<String> words = new HashSet<>(List.of(
                    Files.readString(folder.resolve("definitions.jsonl")).split("\\W+")));
            StringBuilder vectors = new StringBuilder();
            words.stream().filter(word -> !word.isEmpty()).forEach(word -> vectors.append(word)
                    .append(" 1 ")
                    .append(word.length())
                    .append('\n'));
            Files.writeString(folder.resolve("cluster-encrypted/words.txt"), vectors);
            own.submit(
                            options,
                            JAR,
                            "embed",
                            job("encrypted-model", "word-vectors", "    model: /proc/self/cwd/words.txt\n", ""))
                    .requireExit(0);
            assertPublishedOnce("encrypted-model");
        }
    }

    // ---- GPUs that are not there

    @Test
    void aJobThatWantsAGpuOnAClusterWithoutOneEndsWithOneSentence() throws Exception {
        RunningProcess.Ended ended = cluster.submit(
                List.of(),
                JAR_WITH_NATIVES,
                "embed",
                job("gpu", "huggingface", "    model: /proc/self/cwd/model\n    device: gpu\n", ""));
        assertEndsWithSentence(2, "Cannot embed on a GPU: there is none .*", ended);
    }

    /** Spark waits for ever. */
    @Test
    void aJobWhoseExecutorsNoWorkerCanStartSaysWhatItWaitsFor() throws Exception {
        try (RunningProcess run = cluster.begin(
                settings(Map.of("spark.executor.resource.gpu.amount", "1", "spark.task.resource.gpu.amount", "1")),
                JAR,
                "embed",
                job("waiting", "hashing", "    dimensions: 64\n", ""))) {
            run.await(() -> run.err().contains("Waiting for executors"));
            assertTrue(run.isRunning(), run.err());
            assertTrue(
                    run.err().contains("it has no executor")
                            && run.err().contains("spark.executor.resource.gpu.amount=1"),
                    run.err());
        }
    }

    // ---- helpers

    private static FakeProvider fake() throws IOException {
        return FakeProvider.start(
                Settings.of(Provider.OPENAI).withKeys(KEY).withDimension(16).withLatency(Duration.ofMillis(300)),
                new HashedVectors(16));
    }

    /** Spark's own log stands before it. */
    private static void assertEndsWithSentence(int exitCode, String sentence, RunningProcess.Ended ended) {
        assertEquals(exitCode, ended.exitCode(), ended.err());
        List<String> lines = ended.err().lines().toList();
        String last = lines.get(lines.size() - 1);
        assertTrue(last.matches(sentence), last);
        System.out.println("ClustersIT: exit code " + exitCode + ", " + last);
    }

    private static void awaitPaid(RunningProcess run, FakeProvider fake, long texts) throws InterruptedException {
        run.await(() -> fake.stats().rowsBilled() > texts);
        assertTrue(run.isRunning(), run.err());
    }

    /** The only executor of a worker, when there is one. */
    private static ProcessHandle executor(int worker) throws InterruptedException {
        List<ProcessHandle> found = cluster.executors(worker);
        assertEquals(1, found.size(), found.toString());
        return found.get(0);
    }

    private static void signal(ProcessHandle process, String name) throws Exception {
        command("kill", "-" + name, Long.toString(process.pid()));
    }

    private static int command(String... words) throws Exception {
        return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor();
    }

    /** How many embedders are alive in the heap of a process. */
    private static int loadedIn(ProcessHandle process) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try (RunningProcess histogram = RunningProcess.start(
                folder, Map.of(), List.of(jcmd.toString(), Long.toString(process.pid()), "GC.class_histogram"))) {
            Matcher found = EMBEDDERS.matcher(histogram.end().requireExit(0).out());
            int embedders = 0;
            while (found.find()) {
                embedders += Integer.parseInt(found.group(1));
            }
            return embedders;
        }
    }

    private static int progress(RunningProcess run) {
        Matcher matcher = PROGRESS.matcher(run.err());
        int last = 0;
        while (matcher.find()) {
            last = Integer.parseInt(matcher.group(1).replace(",", ""));
        }
        return last;
    }

    private static <T> List<T> newest(List<T> all, int count) {
        return all.subList(all.size() - count, all.size());
    }

    private static void assertPaidTwiceAtMost(String what, long most, FakeProvider fake) {
        Stats stats = fake.stats();
        System.out.printf(
                "ClustersIT: %s, %d texts were paid for, %d of them again (at most %d)%n",
                what, stats.rowsBilled(), stats.rowsBilledAgain(), most + HARMLESS_TEXT);
        assertTrue(stats.rowsBilledAgain() <= most + HARMLESS_TEXT, stats.toString());
    }

    private static void assertPublishedOnce(String name) {
        Map<String, List<Integer>> vectors =
                PublishedTable.read(folder.resolve(name), "synset", COLUMN).vectors();
        assertEquals(ROWS, vectors.size());
        assertFalse(vectors.containsValue(List.of()), "a row has no vector");
        stored(name);
    }

    /** The hashes of the store, none of which is there twice. */
    private static Set<String> stored(String name) {
        Set<String> hashes = new HashSet<>();
        for (Row row : LocalRun.spark()
                .read()
                .format("delta")
                .load(folder.resolve(name + "-store").toString())
                .select("content_hash")
                .collectAsList()) {
            assertTrue(hashes.add(row.getString(0)), "a hash is in the store twice: " + row.getString(0));
        }
        return hashes;
    }

    private static List<String> settings(Map<String, String> settings) {
        List<String> options = new ArrayList<>();
        settings.forEach((key, value) -> options.addAll(List.of("--conf", key + "=" + value)));
        return options;
    }

    private static String paidJob(String name, FakeProvider fake, String more) throws IOException {
        return job(
                name,
                "http",
                "    model: text-embedding-3-small\n    request: '{\"model\": \"{model}\", \"input\": \"{texts}\"}'\n"
                        + "    vectors: data[*].embedding\n    indices: data[*].index\n    texts-per-call: "
                        + TEXTS_A_CALL
                        + "\n    api-key: file:" + folder.resolve("key") + "\n    endpoint: " + fake.baseUrl()
                        + "/embeddings\n",
                "limits: {requests-per-minute: 3000, in-flight: " + IN_FLIGHT + "}\n" + more);
    }

    private static String job(String name, String platform, String embedding, String more) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(
                file,
                "job: " + name + "\nsource: {path: " + folder.resolve("definitions.jsonl")
                        + ", format: json, id: synset}\ntarget: {table: \"delta.`" + folder.resolve(name)
                        + "`\", store: \"delta.`" + folder.resolve(name + "-store") + "`\"}\n"
                        + "embeddings:\n  - column: " + COLUMN
                        + "\n    attribute: definition\n    reduce: {method: none}\n"
                        + "    platform: " + platform + "\n" + embedding + more);
        return file.toString();
    }

    private static void copyOfResource(String name, Path to) throws IOException {
        try (InputStream bytes = ClustersIT.class.getResourceAsStream(name)) {
            Files.copy(bytes, to);
        }
    }
}
