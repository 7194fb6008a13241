package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        Project.definitions(folder.resolve("definitions.jsonl"), 30);
        Path job = Files.writeString(
                folder.resolve("job.yaml"),
                """
                job: metered-job
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
                "io.embedlake.spark.metrics.MetricsRun",
                job.toString()));
        try (RunningProcess running = RunningProcess.start(folder, Map.of(), command)) {
            RunningProcess.Ended ended = running.end().requireExit(0);
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
}
