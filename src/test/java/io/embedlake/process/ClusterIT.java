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
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher submits the shaded job jar to a Spark distribution; executors are JVMs of their own. */
class ClusterIT {
    private static final String COLUMN = "definition_embedding";
    private static final int ROWS = 120;

    @TempDir
    static Path folder;

    @AutoClose
    private static SparkDistribution distribution;

    @BeforeAll
    static void makeDistribution() throws IOException {
        distribution = SparkDistribution.make(folder.resolve("spark"));
        Project.definitions(folder.resolve("definitions.jsonl"), ROWS);
        Path model = Files.createDirectories(folder.resolve("driver/model"));
        copyOfResource("/all-minilm-l6-v2.onnx", model.resolve("model.onnx"));
        copyOfResource("/all-minilm-l6-v2-tokenizer.json", model.resolve("tokenizer.json"));
    }

    /** The model is a folder that only exists as seen from the driver: a path through each process's own working folder. */
    @Tag("heavy")
    @Test
    void executorsGetTheModelAndMakeTheSameVectors() throws Exception {
        Path job = job("cluster", "huggingface", "    model: /proc/self/cwd/model\n");
        RunningProcess.Ended ended = submit("--master local-cluster[2,1,1024]", "embed", job.toString());
        JsonNode report = LocalRun.lines(ended.requireExit(0).out()).get(0);
        assertEquals(ROWS, report.get("rows_published").asInt(), ended.err());

        Path local = job("local", "huggingface", "    model: " + folder.resolve("driver/model") + "\n");
        LocalRun.embed(local);
        PublishedTable expected = PublishedTable.read(folder.resolve("local"), "synset", COLUMN);
        PublishedTable actual = PublishedTable.read(folder.resolve("cluster"), "synset", COLUMN);
        assertEquals(expected.rows(), actual.rows());
        System.out.printf(
                "ClusterIT: vectors of executors and of a local run %s%n",
                expected.vectors().equals(actual.vectors()) ? "are equal bit for bit" : "differ in their last bits");
        assertTrue(expected.leastCosine(actual) >= 0.999999, "cosine " + expected.leastCosine(actual));
    }

    /** As above, with a model that is a file. */
    @Tag("heavy")
    @Test
    void executorsGetTheFileOfWordVectors() throws Exception {
        Path file = Files.writeString(
                folder.resolve("driver/words.txt"),
                Arrays.stream(Files.readString(folder.resolve("definitions.jsonl"))
                                .split("\\W+"))
                        .filter(word -> !word.isEmpty())
                        .distinct()
                        .map(word -> word + " " + word.length() + " " + word.hashCode() % 1000 + "\n")
                        .collect(Collectors.joining()));
        Path job = job("words", "word-vectors", "    model: /proc/self/cwd/words.txt\n");
        submit("--master local-cluster[2,1,1024]", "embed", job.toString()).requireExit(0);

        LocalRun.embed(job("local-words", "word-vectors", "    model: " + file + "\n"));
        assertEquals(
                PublishedTable.read(folder.resolve("local-words"), "synset", COLUMN)
                        .vectors(),
                PublishedTable.read(folder.resolve("words"), "synset", COLUMN).vectors());
    }

    @Test
    void jobJarPlansWithTheDefaultModelFromItsPackage() throws Exception {
        RunningProcess.Ended ended = submit(
                "--master local[2]", "plan", job("planned", "huggingface", "").toString());
        JsonNode plan = LocalRun.lines(ended.requireExit(0).out()).get(0);
        assertEquals(ROWS, plan.get("rows").asInt());
        assertTrue(plan.get("columns").get(0).get("tokens").asInt() > ROWS, ended.out());
    }

    private static RunningProcess.Ended submit(String options, String... arguments) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("SPARK_HOME", distribution.home().toString());
        environment.put("EMBEDLAKE_SPARK", "");
        environment.put("EMBEDLAKE_SUBMIT_OPTIONS", options + " --conf spark.driver.host=localhost");
        List<String> command = new java.util.ArrayList<>(List.of(arguments));
        command.addAll(List.of("--output", "json"));
        return RunningProcess.run(folder.resolve("driver"), environment, command.toArray(String[]::new));
    }

    private static Path job(String name, String platform, String more) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                "job: " + name + "\nsource:\n  path: " + folder.resolve("definitions.jsonl")
                        + "\n  format: json\n  id: synset\n"
                        + "target:\n  table: delta.`" + folder.resolve(name) + "`\n"
                        + "embeddings:\n  - column: " + COLUMN + "\n    attribute: definition\n    platform: "
                        + platform + "\n" + more + "    reduce: {method: none}\n"
                        + "spark: {spark.ui.enabled: false, spark.sql.shuffle.partitions: 4}\n");
    }

    private static void copyOfResource(String name, Path to) throws IOException {
        try (InputStream bytes = ClusterIT.class.getResourceAsStream(name)) {
            Files.copy(bytes, to);
        }
    }
}
