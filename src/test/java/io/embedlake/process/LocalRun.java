package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.cli.Main;
import io.embedlake.spark.Sessions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Runs commands in this JVM, where Spark is warm, and reads tables with its Spark. Stateless. */
final class LocalRun {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LocalRun() {}

    /** Runs a command. */
    static RunningProcess.Ended of(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(
                Map.of(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
        return new RunningProcess.Ended(
                exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs {@code embed} on a job file, which ends well, and gives its report. */
    static JsonNode embed(Path jobFile) {
        return embed(jobFile.toString());
    }

    /** As {@link #embed(Path)}, a job file on any file system of Spark's. */
    static JsonNode embed(String jobFile) {
        RunningProcess.Ended ended = of("embed", jobFile, "--output", "json");
        assertEquals(0, ended.exitCode(), ended.err());
        return lines(ended.out()).get(0);
    }

    /** A session; commands that run in this JVM take it over and close it. */
    static SparkSession spark() {
        return Sessions.open("test", Map.of(), Map.of());
    }

    /** The lines of a command's output as JSON. */
    static List<JsonNode> lines(String out) {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : out.lines().toList()) {
            try {
                lines.add(JSON.readTree(line));
            } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON: " + line, e);
            }
        }
        return lines;
    }
}
