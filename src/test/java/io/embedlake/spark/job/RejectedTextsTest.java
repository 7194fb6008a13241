package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.embedlake.config.JobSpec;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Texts that can never be embedded cost nobody but themselves. */
@ResourceLock(PickyPlatform.NAME)
class RejectedTextsTest {
    @TempDir
    private Path folder;

    private Lake lake;
    private JobSpec job;

    @BeforeEach
    void makeTable() {
        lake = new Lake(folder);
        lake.items("fine", "unreadable secret", "also fine", "notfinite number", "flaky line", null);
        job = Lake.picky(lake.job(Lake.PLAIN, "errors.max-rate=0.5"));
    }

    @Test
    void landInATableOfTheirOwnWithTheReasonAndWithoutTheText() {
        RunRecord report = lake.report(job, new RecordingObserver());
        assertEquals(2, Lake.only(report).embedded());
        assertEquals(3, Lake.only(report).rejected());
        List<Row> rejected = lake.rows("items_embeddings_rejected")
                .orderBy("row_id")
                .select("row_id", "kind", "characters", "reason")
                .collectAsList();
        assertEquals(
                "[2,INVALID_INPUT,17,the text cannot be read]", rejected.get(0).toString());
        assertEquals("4,PROTOCOL,16", rejected.get(1).mkString(",").substring(0, 13));
        assertEquals("[5,TRANSIENT,10,the line is down]", rejected.get(2).toString());
        assertFalse(lake.rows("items_embeddings_rejected")
                .toJSON()
                .collectAsList()
                .toString()
                .contains("secret"));
        assertEquals(4, lake.number("SELECT count(*) FROM {items} WHERE vector IS NULL"));
        assertEquals(2, lake.number("SELECT count(*) FROM {items_embeddings}"));
    }

    @Test
    void areCountedByKindInTheRunThatRejectsThemAndAreNotTriedAgain() {
        Map<ErrorKind, Long> kinds =
                Map.of(ErrorKind.INVALID_INPUT, 1L, ErrorKind.PROTOCOL, 1L, ErrorKind.TRANSIENT, 1L);
        assertEquals(kinds, Lake.only(lake.run(job)).rejectedByKind());
        RunRecord second = lake.report(job, new RecordingObserver());
        assertEquals(0, Lake.only(second).embedded());
        assertEquals(3, Lake.only(second).rejected());
        assertEquals(Map.of(), Lake.only(second).rejectedByKind());
        assertEquals(3, lake.number("SELECT count(*) FROM {items_embeddings_rejected}"));
    }

    @Tag("heavy")
    @Test
    void areCountedAgainWhenTheyAreReplayedInVain() {
        lake.run(job);
        RunRecord replayed = lake.replay(job, ErrorKind.PROTOCOL);
        assertEquals(3, Lake.only(replayed).rejected());
        assertEquals(Map.of(ErrorKind.PROTOCOL, 1L), Lake.only(replayed).rejectedByKind());
    }

    @Tag("heavy")
    @Test
    void areARateOfTheDistinctTexts() {
        RunRecord report = lake.report(job, new RecordingObserver());
        assertEquals(0.6, report.errorRate(), 1e-9);
    }
}
