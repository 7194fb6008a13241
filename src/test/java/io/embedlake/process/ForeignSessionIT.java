package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors of a session that embedlake did not open, JVMs without its plugin in which artifacts are isolated. */
class ForeignSessionIT {
    @TempDir
    static Path folder;

    @AutoClose
    private static SparkDistribution distribution;

    @BeforeAll
    static void makeDistribution() throws Exception {
        distribution = SparkDistribution.make(folder.resolve("spark"));
    }

    /** The context that a platform starts before a task, without a session, once ended with the first command. */
    @Test
    void jarTaskLeavesAContextRunningThatHadNoSession() throws Exception {
        Path job = Project.smallJob(folder, "task", 10);
        RunningProcess.Ended ended = TestJvm.run(
                        folder,
                        Map.of(),
                        List.of(),
                        "io.embedlake.spark.job.JarTaskRun",
                        "embed",
                        job.toString(),
                        "--output",
                        "json")
                .requireExit(0);
        List<String> lines = ended.out().lines().toList();
        assertEquals(
                10, LocalRun.lines(lines.get(0)).get(0).get("rows_published").asInt());
        assertEquals(
                "Cannot read the job file: missing.yaml (no such file). Name a job file that can be read."
                        + " (exit code 2)",
                lines.get(1));
        assertEquals("running, 10 rows", lines.get(2));
    }

    /** The model is a path through each process's own working folder: it exists as seen from the driver alone. */
    @Test
    void tasksGetTheModelFromTheDriverAndPermitsFromItsServer() throws Exception {
        Files.writeString(folder.resolve("words.txt"), "some vectors\n");
        RunningProcess.Ended ended = TestJvm.run(
                        folder,
                        distribution.environment(),
                        List.of(),
                        "io.embedlake.spark.job.ForeignSessionRun",
                        "/proc/self/cwd/words.txt")
                .requireExit(0);
        assertEquals(
                Collections.nCopies(4, "some vectors with a permit for 1"),
                ended.out().lines().toList(),
                ended.err());
    }
}
