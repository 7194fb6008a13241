package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scraper gets from the driver's UI, by Spark's own sink. */
class MetricsIT {
    private static final String PREFIX = "metrics_lake_driver_embedlake_metered_job_";

    @TempDir
    Path folder;

    @Test
    void prometheusGetsTheMetricsOfAJobByTheNamesOfTheDocument() throws Exception {
        Path job = Project.smallJob(folder, "metered-job", 30);
        RunningProcess.Ended ended = TestJvm.run(
                        folder, Map.of(), List.of(), "io.embedlake.spark.metrics.MetricsRun", job.toString())
                .requireExit(0);
        Map<String, Double> metrics = ended.out()
                .lines()
                .filter(line -> line.startsWith(PREFIX))
                .map(line -> line.substring(PREFIX.length()).split(" "))
                .collect(Collectors.toMap(parts -> parts[0], parts -> Double.parseDouble(parts[1]), (a, b) -> a));
        assertEquals(30, metrics.get("texts_embedded_Count{type=\"counters\"}"), ended.out());
        assertEquals(1, metrics.get("runs_Count{type=\"counters\"}"));
        assertEquals(1, metrics.get("waves_Count{type=\"counters\"}"));
        assertEquals(0, metrics.get("runs_failed_Count{type=\"counters\"}"));
        assertEquals(0, metrics.get("texts_left_Value{type=\"gauges\"}"));
        assertEquals(0, metrics.get("spend_usd_Value{type=\"gauges\"}"));
    }
}
