package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher submits the shaded job jar to a Spark distribution; executors are JVMs of their own. */
class ClusterIT {
    private static final String COLUMN = "definition_embedding";
    private static final String WORDS = "words_embedding";
    private static final int ROWS = 120;

    /** As {@link RunningProcess#QUICK_START} does for other processes. */
    private static final String QUICK_EXECUTORS = " --conf spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1";

    @TempDir
    static Path folder;

    private static Path distribution;

    @BeforeAll
    static void makeDistribution() throws IOException {
        distribution = SparkDistribution.make(folder.resolve("spark"));
        Project.definitions(folder.resolve("definitions.jsonl"), ROWS);
        Path model = Files.createDirectories(folder.resolve("driver/model"));
        copyOfResource("/all-minilm-l6-v2.onnx", model.resolve("model.onnx"));
        copyOfResource("/all-minilm-l6-v2-tokenizer.json", model.resolve("tokenizer.json"));
    }

    @AfterAll
    static void removeLinks() throws IOException {
        SparkDistribution.remove(distribution);
    }

    /**
     * Models that only exist as seen from the driver, by paths through each process's own working folder: a folder, and a file. Both are
     * columns of one job, because processes cost more than rows.
     */
    @Test
    void executorsGetTheModelsAndMakeTheSameVectors() throws Exception {
        Path words = Files.writeString(
                folder.resolve("driver/words.txt"),
                Arrays.stream(Files.readString(folder.resolve("definitions.jsonl"))
                                .split("\\W+"))
                        .filter(word -> !word.isEmpty())
                        .distinct()
                        .map(word -> word + " " + word.length() + " " + word.hashCode() % 1000 + "\n")
                        .collect(Collectors.joining()));
        Path job = job(
                "cluster",
                embedding(COLUMN, "huggingface", "/proc/self/cwd/model"),
                embedding(WORDS, "word-vectors", "/proc/self/cwd/words.txt"));
        RunningProcess.Ended ended = submit("--master local-cluster[2,1,1024]", "embed", job.toString());
        JsonNode report = LocalRun.lines(ended.requireExit(0).out()).get(0);
        assertEquals(ROWS, report.get("rows_published").asInt(), ended.err());

        LocalRun.embed(job(
                "local",
                embedding(COLUMN, "huggingface", folder.resolve("driver/model").toString()),
                embedding(WORDS, "word-vectors", words.toString())));
        PublishedTable expected = PublishedTable.read(folder.resolve("local"), "synset", COLUMN, WORDS);
        PublishedTable actual = PublishedTable.read(folder.resolve("cluster"), "synset", COLUMN, WORDS);
        assertEquals(expected.rows(), actual.rows());
        System.out.printf(
                "ClusterIT: vectors of executors and of a local run %s%n",
                expected.vectors().equals(actual.vectors()) ? "are equal bit for bit" : "differ in their last bits");
        assertTrue(expected.leastCosine(actual) >= 0.999999, "cosine " + expected.leastCosine(actual));
        assertEquals(
                PublishedTable.read(folder.resolve("local"), "synset", WORDS, COLUMN)
                        .vectors(),
                PublishedTable.read(folder.resolve("cluster"), "synset", WORDS, COLUMN)
                        .vectors());
    }

    @Test
    void jobJarPlansWithTheDefaultModelFromItsPackage() throws Exception {
        RunningProcess.Ended ended = submit(
                "--master local[2]",
                "plan",
                job("planned", "  - {column: " + COLUMN + ", attribute: definition, reduce: {method: none}}\n")
                        .toString());
        JsonNode plan = LocalRun.lines(ended.requireExit(0).out()).get(0);
        assertEquals(ROWS, plan.get("rows").asInt());
        assertTrue(plan.get("columns").get(0).get("tokens").asInt() > ROWS, ended.out());
    }

    private static RunningProcess.Ended submit(String options, String... arguments) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("SPARK_HOME", distribution.toString());
        environment.put("EMBEDLAKE_SPARK", "");
        environment.put("EMBEDLAKE_SUBMIT_OPTIONS", options + " --conf spark.driver.host=localhost" + QUICK_EXECUTORS);
        List<String> command = new java.util.ArrayList<>(List.of(arguments));
        command.addAll(List.of("--output", "json"));
        return RunningProcess.run(folder.resolve("driver"), environment, command.toArray(String[]::new));
    }

    private static String embedding(String column, String platform, String model) {
        return "  - {column: " + column + ", attribute: definition, platform: " + platform + ", model: " + model
                + ", reduce: {method: none}}\n";
    }

    private static Path job(String name, String... embeddings) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                "job: " + name + "\nsource:\n  path: " + folder.resolve("definitions.jsonl")
                        + "\n  format: json\n  id: synset\n"
                        + "target:\n  table: delta.`" + folder.resolve(name) + "`\n"
                        + "embeddings:\n" + String.join("", embeddings)
                        + "spark: {spark.ui.enabled: false, spark.sql.shuffle.partitions: 4}\n");
    }

    private static void copyOfResource(String name, Path to) throws IOException {
        try (InputStream bytes = ClusterIT.class.getResourceAsStream(name)) {
            Files.copy(bytes, to);
        }
    }
}
