package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor looks at executors that are JVMs of their own. */
class ClusterDoctorIT {
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

    @Test
    void everyExecutorHasARowAndTheyAreCompared() throws Exception {
        List<String> command = new ArrayList<>(Project.java("-Xmx1g", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(
                "-Dlog4j2.configurationFile=embedlake-log4j2.properties",
                "-Dspark.master=local-cluster[2,1,1024]",
                "-Dspark.driver.host=localhost",
                "-Dspark.ui.enabled=false",
                "-Dspark.scheduler.minRegisteredResourcesRatio=1.0",
                "-Dspark.scheduler.maxRegisteredResourcesWaitingTime=60s",
                "-Dspark.executor.extraClassPath=" + Project.testClassPath(),
                "-cp",
                Project.testClassPath(),
                "io.embedlake.cli.Main",
                "doctor",
                "--cluster",
                "--output",
                "json"));
        try (RunningProcess running = RunningProcess.start(
                folder, Map.of("SPARK_HOME", distribution.toString(), "SPARK_SCALA_VERSION", "2.13"), command)) {
            RunningProcess.Ended ended = running.end().requireExit(0);
            List<JsonNode> executors = LocalRun.lines(ended.out()).stream()
                    .filter(line -> line.get("check").asText().startsWith("executor"))
                    .toList();
            assertEquals(
                    List.of("executor 0", "executor 1", "executors"),
                    executors.stream().map(line -> line.get("check").asText()).toList(),
                    ended.out());
            assertTrue(executors.get(0).get("detail").asText().contains("libtorch "), ended.out());
            assertEquals(
                    "2 executors, all alike", executors.get(2).get("detail").asText());
        }
    }
}
