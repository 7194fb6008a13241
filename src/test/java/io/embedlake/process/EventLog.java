package io.embedlake.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What Spark has recorded of an application. Immutable.
 *
 * @param events in their order
 */
record EventLog(List<JsonNode> events) {
    private static final String EMBEDDED = "embedlake: texts embedded";

    /** Options for an application that records itself in a folder of its own. */
    static List<String> options(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> options = new ArrayList<>();
        Map.of(
                        "spark.eventLog.enabled", "true",
                        "spark.eventLog.dir", folder.toUri().toString(),
                        "spark.eventLog.rolling.enabled", "false",
                        "spark.eventLog.compress", "false")
                .forEach((key, value) -> options.addAll(List.of("--conf", key + "=" + value)));
        return options;
    }

    /** Reads the only application of a folder. */
    static EventLog read(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path file = files.filter(found -> !found.getFileName().toString().startsWith("."))
                    .findFirst()
                    .orElseThrow();
            return new EventLog(LocalRun.lines(Files.readString(file)));
        }
    }

    private Stream<JsonNode> of(String event) {
        return events.stream().filter(found -> found.get("Event").asText().equals("SparkListener" + event));
    }

    long executorsAdded() {
        return of("ExecutorAdded").count();
    }

    /** How many copies of tasks that were slow Spark has started. */
    long copies() {
        return of("TaskStart")
                .filter(start -> start.get("Task Info").get("Speculative").asBoolean())
                .count();
    }

    /** How many texts each executor has embedded, by its number. */
    Map<String, Long> texts() {
        Map<String, Long> texts = new TreeMap<>();
        of("TaskEnd").map(end -> end.get("Task Info")).forEach(task -> task.get("Accumulables")
                .forEach(counter -> {
                    if (counter.path("Name").asText().equals(EMBEDDED)) {
                        texts.merge(
                                task.get("Executor ID").asText(),
                                counter.path("Update").asLong(),
                                Long::sum);
                    }
                }));
        return texts;
    }
}
