package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command logs where each line is an object. */
class LogIT {
    @TempDir
    Path folder;

    private RunningProcess.Ended run(String format, String... arguments) throws Exception {
        List<String> main = new ArrayList<>(List.of(TestJvm.COMMAND));
        main.addAll(List.of(arguments));
        return TestJvm.run(
                folder,
                Map.of("EMBEDLAKE_LOG_FORMAT", format, "EMBEDLAKE_TERMINAL", "true"),
                List.of("-Dspark.ui.enabled=false"),
                main.toArray(String[]::new));
    }

    @Test
    void progressAndTheEndAreObjectsThatNameJobAndRunAndHoldNoText() throws Exception {
        Path job = Project.smallJob(folder, "logged", 30);
        RunningProcess.Ended ended = run("json", "embed", job.toString(), "--output", "json");
        ended.requireExit(0);
        String run = LocalRun.lines(ended.out()).get(0).get("run").asText();
        List<JsonNode> lines = LocalRun.lines(ended.err());
        JsonNode embedding = lines.stream()
                .filter(line -> line.get("message").asText().equals("Embedding vector"))
                .findFirst()
                .orElseThrow();
        assertEquals("INFO", embedding.get("level").asText());
        assertEquals("logged", embedding.get("job").asText());
        assertEquals(run, embedding.get("run").asText());
        assertTrue(embedding.get("time").asText().matches("\\d{4}-\\d\\d-\\d\\dT.*Z"), ended.err());
        assertTrue(
                lines.stream()
                        .anyMatch(line -> line.get("message").asText().startsWith("Planned 30 rows")
                                && line.get("run").asText().equals(run)),
                ended.err());
        JsonNode last = lines.get(lines.size() - 1);
        assertTrue(last.get("message").asText().startsWith("Done in "), ended.err());
        assertEquals(run, last.get("run").asText());
        for (String line : Files.readAllLines(folder.resolve("definitions.jsonl"))) {
            String text = LocalRun.lines(line).get(0).get("definition").asText();
            assertFalse(ended.err().contains(text), text);
        }
    }

    @Test
    void anErrorIsAnObject() throws Exception {
        RunningProcess.Ended ended = run("json", "embed", "missing.yaml");
        ended.requireExit(2);
        JsonNode line = LocalRun.lines(ended.err()).get(0);
        assertEquals("ERROR", line.get("level").asText());
        assertTrue(line.get("message").asText().startsWith("Cannot read the job file"), ended.err());
    }

    @Test
    void anUnknownFormatIsRefused() throws Exception {
        RunningProcess.Ended ended = run("xml", "models", "list");
        ended.requireExit(2);
        assertTrue(
                ended.err().contains("Cannot log in the format xml (EMBEDLAKE_LOG_FORMAT is text or json). Change it."),
                ended.err());
    }
}
