package io.embedlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.neighbours.NeighbourReport;
import io.embedlake.spi.InputKind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What commands print, and how they end, without a session. */
class OutputTest {
    private static final WorkPlan PLAN = new WorkPlan(
            "reviews",
            "source",
            "target",
            "store",
            1100,
            "all rows, because the run was asked to",
            List.of(new WorkPlan.ColumnPlan(
                    "vector",
                    "text",
                    "huggingface m",
                    "f00",
                    InputKind.TEXT,
                    new WorkPlan.Counts(100, 1000, 900, 400, 0, 500, 9000, 20_000, 7),
                    Optional.of(new WorkPlan.TokenEstimate(100, 5000, 5, 0, 0, Duration.ofSeconds(90), false)),
                    "pca-64, to be fitted",
                    1,
                    Optional.empty(),
                    WorkPlan.Charge.NONE,
                    List.of("Something was assumed."))));

    @Test
    void aJoinSaysWhichRowsGotNoNeighbours() {
        NeighbourReport report = new NeighbourReport(
                "near",
                1000,
                2,
                3,
                20_000,
                4,
                9950,
                141,
                9,
                0.97,
                List.of(new NeighbourReport.RecallAt(8, 0.96)),
                512,
                12,
                Duration.ofMillis(6500));
        assertEquals(
                """
                neighbours  9,950   in near
                queries     1,000   2 of them without a vector
                            3       with a vector and without a neighbour
                rows        20,000  4 of them without a vector
                recall      0.970   9 of 141 cells visited, measured with 512 queries
                seconds     6.5
                8 of 141 cells: recall 0.960
                """,
                NeighbourText.of(report));
        assertTrue(NeighbourText.json(report).startsWith("{\"table\":\"near\",\"neighbours\":9950,"));
    }

    @Test
    void planIsATable() {
        assertEquals(
                """
                job       reviews
                source    source, 1,100 rows
                looks at  all rows, because the run was asked to
                target    target
                store     store

                column            vector from text
                model             huggingface m
                fingerprint       f00
                note              Something was assumed.
                reduction         pca-64, to be fitted
                rows              1,000 with text, 100 null or blank
                distinct texts    900
                already embedded  400
                to embed          500 texts in 1 wave
                tokens            5,000 (estimated from 100 texts)
                truncated         5 texts are longer than the model reads (estimated from 100 texts)
                time              about 1 min 30 s (an assumption: nothing was measured here yet)
                cost              none: the model is local

                """,
                PlanText.of(PLAN));
    }

    @Test
    void planIsJson() throws Exception {
        JsonNode json = new ObjectMapper().readTree(PlanText.json(PLAN));
        assertEquals(500, json.at("/columns/0/to_embed").asInt());
        assertEquals(5000, json.at("/columns/0/tokens").asInt());
    }

    @Test
    void longCellsAreCutOnOneLine() {
        String table = new TextTable()
                .row("a", "b")
                .row("x\ny\u0000z", "w".repeat(200))
                .toString();
        assertEquals(2, table.lines().count());
        assertTrue(table.contains("x y z  www"), table);
        assertTrue(table.contains("w…"), table);
    }

    @Test
    void badUsageEndsWithTwoAndOneSentence() {
        for (String[] arguments : List.of(
                new String[] {"embedd"}, new String[] {"embed"}, new String[] {"search", "x.yaml"}, new String[] {
                    "embed", "no-such-file.yaml"
                })) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            int code = Main.run(
                    Map.of(),
                    new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    arguments);
            String message = err.toString(StandardCharsets.UTF_8);
            assertEquals(2, code, message);
            assertTrue(message.endsWith(".\n") && !message.contains("\tat "), message);
        }
    }
}
