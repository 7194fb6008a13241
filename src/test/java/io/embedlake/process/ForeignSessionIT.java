package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors of a session that embedlake did not open, JVMs without its plugin in which artifacts are isolated. */
class ForeignSessionIT {
    @TempDir
    static Path folder;

    private static Path distribution;

    @BeforeAll
    static void makeDistribution() throws Exception {
        distribution = SparkDistribution.make(folder.resolve("spark"));
    }

    @AfterAll
    static void removeLinks() throws Exception {
        SparkDistribution.remove(distribution);
    }

    /** The context that a platform starts before a task, without a session, once ended with the first command. */
    @Test
    void jarTaskLeavesAContextRunningThatHadNoSession() throws Exception {
        Project.definitions(folder.resolve("definitions.jsonl"), 10);
        Path job = Files.writeString(
                folder.resolve("job.yaml"),
                """
                job: task
                source: {path: definitions.jsonl, format: json, id: synset}
                target: {table: delta.`target`}
                embeddings:
                  - {column: vector, attribute: definition, platform: hashing, dimensions: 64, reduce: {method: none}}
                """);
        List<String> command = new ArrayList<>(Project.java("-Xmx1g", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(
                "-Dlog4j2.configurationFile=embedlake-log4j2.properties",
                "-cp",
                Project.testClassPath(),
                "io.embedlake.spark.job.JarTaskRun",
                "embed",
                job.toString(),
                "--output",
                "json"));
        try (RunningProcess running = RunningProcess.start(folder, Map.of(), command)) {
            RunningProcess.Ended ended = running.end().requireExit(0);
            List<String> lines = ended.out().lines().toList();
            assertEquals(
                    10,
                    LocalRun.lines(lines.get(0)).get(0).get("rows_published").asInt());
            assertEquals(
                    "Cannot read the job file: missing.yaml (no such file). Name a job file that can be read."
                            + " (exit code 2)",
                    lines.get(1));
            assertEquals("running, 10 rows", lines.get(2));
        }
    }

    /** The model is a path through each process's own working folder: it exists as seen from the driver alone. */
    @Test
    void tasksGetTheModelFromTheDriverAndPermitsFromItsServer() throws Exception {
        Files.writeString(folder.resolve("words.txt"), "some vectors\n");
        List<String> command = new ArrayList<>(Project.java("-Xmx512m", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(
                "-Dlog4j2.configurationFile=embedlake-log4j2.properties",
                "-cp",
                Project.testClassPath(),
                "io.embedlake.spark.job.ForeignSessionRun",
                "/proc/self/cwd/words.txt"));
        try (RunningProcess running = RunningProcess.start(
                folder, Map.of("SPARK_HOME", distribution.toString(), "SPARK_SCALA_VERSION", "2.13"), command)) {
            RunningProcess.Ended ended = running.end().requireExit(0);
            assertEquals(
                    Collections.nCopies(4, "some vectors with a permit for 1"),
                    ended.out().lines().toList(),
                    ended.err());
        }
    }
}
