package io.embedlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.Reports;
import io.embedlake.RunReport;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.ReductionRecord;
import io.embedlake.spark.store.RunCost;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spark.store.TableVersions;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReportTextTest {
    private static final String JOB = "conf/reviews.yaml";

    @Test
    void textsThatWereGivenUpAreCountedOverAllColumnsWithTheCommandThatRetriesThem() {
        RunReport report = report(List.of(
                Map.of(ErrorKind.INVALID_INPUT, 2L, ErrorKind.PROTOCOL, 1L),
                Map.of(ErrorKind.TRANSIENT, 1L, ErrorKind.PROTOCOL, 1500L)));
        assertEquals(
                Map.of(ErrorKind.INVALID_INPUT, 2L, ErrorKind.TRANSIENT, 1L, ErrorKind.PROTOCOL, 1501L),
                report.rejectedByKind());
        List<String> lines = ReportText.of(report, JOB).lines().toList();
        assertEquals("  looked at all rows, because the run was asked to", lines.get(1));
        assertTrue(lines.get(2).contains(" 6 rejected (by this run: 2 INVALID_INPUT, 1 PROTOCOL), "), lines.get(2));
        assertEquals(
                "  1,502 texts were given up after broken answers or temporary failures; replay retries them:"
                        + " jobs/embedlake replay " + JOB + " --kind TRANSIENT --kind PROTOCOL",
                lines.get(4));
        assertEquals(5, lines.size());
    }

    @Test
    void textsThatCanNeverBeEmbeddedAreNotProposedForReplay() {
        String text = ReportText.of(report(List.of(Map.of(ErrorKind.INVALID_INPUT, 6L))), JOB);
        assertTrue(text.contains(" 6 rejected (by this run: 6 INVALID_INPUT), "), text);
        assertFalse(text.contains("replay"), text);
    }

    @Test
    void textsOfEarlierRunsAreNotCountedByKind() {
        String text = ReportText.of(report(List.of(Map.of())), JOB);
        assertTrue(text.contains(" 6 rejected, "), text);
        assertFalse(text.contains("replay"), text);
    }

    @Test
    void jsonHasTheKindsOfEachColumn() throws Exception {
        JsonNode json =
                new ObjectMapper().readTree(ReportText.json(report(List.of(Map.of(ErrorKind.PROTOCOL, 3L), Map.of()))));
        assertEquals(6, json.at("/columns/0/rejected").asInt());
        assertEquals("{\"PROTOCOL\":3}", json.at("/columns/0/rejected_by_kind").toString());
        assertEquals("{}", json.at("/columns/1/rejected_by_kind").toString());
    }

    @Test
    void saysWhatTheServerTurnedOutToTakeInACallAndTheKeyThatSetsIt() throws Exception {
        RunReport report = report(List.of(Map.of()));
        String text = ReportText.of(report, "job.yaml");
        assertTrue(
                text.contains("; calls were cut to 32 texts, 8,000 tokens because the server refused larger ones"
                        + " (with the platform http set texts-per-call to 32); openai m"),
                text);
        JsonNode json = new ObjectMapper().readTree(ReportText.json(report));
        assertEquals(
                "{\"texts\":32,\"tokens\":8000}",
                json.at("/columns/0/call_caps").toString());
    }

    private static RunReport report(List<Map<ErrorKind, Long>> rejected) {
        List<ColumnRecord> columns =
                rejected.stream().map(ReportTextTest::column).toList();
        RunRecord run = new RunRecord(
                RunId.of(Instant.EPOCH, new UUID(0, 1)),
                "reviews",
                Instant.EPOCH,
                Duration.ofSeconds(9),
                "source",
                "target",
                TableVersions.UNKNOWN,
                100,
                90,
                columns,
                Optional.empty(),
                Map.of(),
                Map.of(),
                "all rows, because the run was asked to");
        return Reports.of(run, 1);
    }

    private static ColumnRecord column(Map<ErrorKind, Long> rejected) {
        return new ColumnRecord(
                "vector",
                "openai m",
                "f00",
                InputKind.TEXT,
                ReductionRecord.unfitted("none"),
                0,
                1,
                90,
                0,
                84,
                6,
                rejected,
                84,
                0,
                0,
                840,
                0,
                rejected.isEmpty() ? Map.of("texts", 32L, "tokens", 8000L) : Map.of(),
                Duration.ofSeconds(2),
                new RunCost(OptionalDouble.empty(), 0, OptionalDouble.empty()));
    }
}
