package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million rows in a small heap, and in one partition. Takes minutes, so only {@code mvn verify -Pheavy} runs it. */
@Tag("heavy")
class OnePartitionIT {
    private static final int ROWS = 1_000_000;

    @TempDir
    static Path folder;

    private static Path job;

    @BeforeAll
    static void makeSource() throws IOException {
        Path source = folder.resolve("source");
        var spark = LocalRun.spark();
        spark.range(0, ROWS, 1, 2)
                .selectExpr("id", "concat('row ', id, ' is about ', hex(id * 2654435761 % 4294967296)) AS text")
                .write()
                .format("delta")
                .save(source.toString());
        spark.stop();
        job = Files.writeString(
                folder.resolve("job.yaml"),
                "job: million\nsource:\n  table: delta.`" + source + "`\n  id: id\n"
                        + "target:\n  table: delta.`" + folder.resolve("target") + "`\n"
                        + "embeddings:\n  - column: text_embedding\n    attribute: text\n    platform: hashing\n"
                        + "    dimensions: 64\n    reduce: {method: none}\n"
                        + "spark: {spark.ui.enabled: false}\n");
    }

    @Test
    void onePartitionOfAMillionRowsRunsInAHeapOfAGibibyte() throws Exception {
        List<String> command =
                new ArrayList<>(Project.java("-Xmx1g", "-Dlog4j2.configurationFile=embedlake-log4j2.properties"));
        command.addAll(
                List.of("-cp", Project.testClassPath(), "io.embedlake.spark.job.OnePartitionRun", job.toString()));
        long begin = System.nanoTime();
        try (RunningProcess process = RunningProcess.start(folder, Map.of(), command)) {
            RunningProcess.Ended ended = process.end().requireExit(0);
            assertEquals("1 partition, 1000000 vectors\n", ended.out(), ended.err());
        }
        System.out.println("OnePartitionIT: one partition took " + since(begin));
    }

    /** Half a minute on two free cores; the limit allows for a busy machine. Another target: the run beside it fills the job's own. */
    @Test
    void planOfAMillionRowsTakesMinutesAtMost() throws Exception {
        Map<String, String> environment = new HashMap<>(RunningProcess.QUICK_START);
        environment.put("EMBEDLAKE_JAVA_OPTIONS", "");
        long begin = System.nanoTime();
        RunningProcess.Ended ended = RunningProcess.run(
                folder,
                environment,
                "plan",
                job.toString(),
                "--set",
                "target.table=delta.`" + folder.resolve("planned") + "`",
                "--output",
                "json");
        Duration time = since(begin);
        System.out.println("OnePartitionIT: plan took " + time);
        JsonNode column =
                LocalRun.lines(ended.requireExit(0).out()).get(0).get("columns").get(0);
        assertEquals(ROWS, column.get("to_embed").asInt());
        assertTrue(time.compareTo(Duration.ofMinutes(5)) < 0, "plan took " + time);
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
