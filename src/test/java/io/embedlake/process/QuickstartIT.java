package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command, as a user types it, and what may follow it. */
class QuickstartIT {
    private static final String JOB = "conf/quickstart.yaml";
    private static final String COLUMN = "definition_embedding";

    @TempDir
    static Path folder;

    private static RunningProcess.Ended first;

    @BeforeAll
    static void embed() throws Exception {
        Map<String, String> environment = new HashMap<>(RunningProcess.QUICK_START);
        environment.put("EMBEDLAKE_HEAP", "");
        first = RunningProcess.run(Project.ROOT, environment, "embed", JOB, "--set", target(), "--set", store());
    }

    @Test
    void everyRowGetsAVectorOf64Dimensions() throws Exception {
        first.requireExit(0);
        List<Row> lengths = LocalRun.spark()
                .read()
                .format("delta")
                .load(folder.resolve("table").toString())
                .groupBy(org.apache.spark.sql.functions.size(org.apache.spark.sql.functions.col(COLUMN)))
                .count()
                .collectAsList();
        assertEquals(1, lengths.size(), lengths.toString());
        assertEquals(64, lengths.get(0).getInt(0));
        assertEquals(
                Files.readAllLines(Project.DEFINITIONS).size(), lengths.get(0).getLong(1));
    }

    @Test
    void jobsSearchesArePrintedWithAnswersThatMakeSense() {
        String out = first.requireExit(0).out();
        assertTrue(firstHit(out, "a large wild cat").contains("cat"), out);
        assertTrue(firstHit(out, "something to eat for breakfast").contains("breakfast"), out);
        assertTrue(
                Pattern.compile("sad|melancholy|sorrow")
                        .matcher(firstHit(out, "deep sadness"))
                        .find(),
                out);
    }

    @Test
    void progressGoesToTheErrorStreamInPlainLines() {
        first.requireExit(0);
        assertTrue(first.out().startsWith("Done in "), first.out());
        assertTrue(first.err().contains(COLUMN + ": 3,921 of 3,921 texts (100 %)"), first.err());
        assertFalse(first.err().contains("\r") || first.err().contains("\033"), first.err());
        assertFalse(first.err().contains("WARN"), first.err());
    }

    @Test
    void secondRunEmbedsNothingAndChangesNothing() {
        first.requireExit(0);
        RunningProcess.Ended second =
                LocalRun.of("embed", JOB, "--set", target(), "--set", store(), "--output", "json");
        JsonNode report = LocalRun.lines(second.requireExit(0).out()).get(0);
        assertEquals(0, report.get("columns").get(0).get("embedded").asInt());
        assertEquals(3921, report.get("columns").get(0).get("already_embedded").asInt());
        assertEquals(0, report.get("rows_published").asInt());
    }

    @Test
    void planSaysThatNothingIsLeft() {
        first.requireExit(0);
        RunningProcess.Ended planned = LocalRun.of("plan", JOB, "--set", target(), "--set", store(), "--output=json");
        JsonNode plan = LocalRun.lines(planned.requireExit(0).out()).get(0);
        assertEquals(3930, plan.get("rows").asInt());
        assertEquals(0, plan.get("columns").get(0).get("to_embed").asInt());
        assertEquals(0, plan.get("columns").get(0).get("waves").asInt());
    }

    /** From another folder, where the job file's relative paths then start, and through a link to the launcher. */
    @Test
    void searchPrintsTheRowsAskedFor() throws Exception {
        first.requireExit(0);
        Path elsewhere = Files.createDirectories(folder.resolve("another folder"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("lake"), Project.LAUNCHER);
        List<String> command = List.of(
                link.toString(),
                "search",
                Project.ROOT.resolve(JOB).toString(),
                "--set",
                "target.table=delta.`../table`",
                "--set",
                "target.store=delta.`../store`",
                "--query",
                "a person who repairs teeth",
                "--query",
                "deep sadness",
                "--k",
                "7",
                "--where",
                "category = 'feeling'",
                "--output",
                "json");
        try (RunningProcess search = RunningProcess.start(elsewhere, RunningProcess.QUICK_START, command)) {
            List<JsonNode> hits = LocalRun.lines(search.end().requireExit(0).out());
            assertEquals(14, hits.size());
            hits.forEach(hit -> assertEquals("feeling", hit.get("category").asText()));
            assertEquals("a person who repairs teeth", hits.get(6).get("query").asText());
            assertEquals("deep sadness", hits.get(7).get("query").asText());
            Files.delete(link);
            for (int i = 8; i < 14; i++) {
                assertTrue(hits.get(i).get("score").asDouble()
                        <= hits.get(i - 1).get("score").asDouble());
            }
        }
    }

    /** The line below a query's heading. */
    private static String firstHit(String out, String query) {
        List<String> lines = out.lines().toList();
        int at = lines.indexOf(query);
        assertTrue(at >= 0, out);
        assertTrue(lines.get(at + 1).startsWith("score"), out);
        return lines.get(at + 2);
    }

    private static String target() {
        return "target.table=delta.`" + folder.resolve("table") + "`";
    }

    private static String store() {
        return "target.store=delta.`" + folder.resolve("store") + "`";
    }
}
