package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor looks at executors that are JVMs of their own. */
class ClusterDoctorIT {
    @TempDir
    static Path folder;

    @AutoClose
    private static SparkDistribution distribution;

    @BeforeAll
    static void makeDistribution() throws Exception {
        distribution = SparkDistribution.make(folder.resolve("spark"));
    }

    @Test
    void everyExecutorHasARowAndTheyAreCompared() throws Exception {
        RunningProcess.Ended ended = TestJvm.run(
                        folder,
                        distribution.environment(),
                        List.of(
                                "-Dspark.master=local-cluster[2,1,1024]",
                                "-Dspark.driver.host=localhost",
                                "-Dspark.ui.enabled=false",
                                "-Dspark.scheduler.minRegisteredResourcesRatio=1.0",
                                "-Dspark.scheduler.maxRegisteredResourcesWaitingTime=60s",
                                "-Dspark.executor.extraClassPath=" + Project.testClassPath()),
                        TestJvm.COMMAND,
                        "doctor",
                        "--cluster",
                        "--output",
                        "json")
                .requireExit(0);
        List<JsonNode> executors = LocalRun.lines(ended.out()).stream()
                .filter(line -> line.get("check").asText().startsWith("executor"))
                .toList();
        assertEquals(
                List.of("executor 0", "executor 1", "executors"),
                executors.stream().map(line -> line.get("check").asText()).toList(),
                ended.out());
        assertTrue(executors.get(0).get("detail").asText().contains("libtorch "), ended.out());
        assertEquals("2 executors, all alike", executors.get(2).get("detail").asText());
    }
}
