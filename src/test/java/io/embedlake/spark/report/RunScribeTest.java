package io.embedlake.spark.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.report.RunStory.Ending;
import io.embedlake.spark.report.RunStory.Pace;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.Progress;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class RunScribeTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private Instant now = NOON;
    private final RunScribe scribe = new RunScribe(new JobObserver() {}, new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    private void tell(String column, long texts, Duration since) {
        now = NOON.plus(since);
        scribe.progress(new Progress(column, InputKind.TEXT, texts, 1_000_000, 0, since));
    }

    private List<Pace> pace() {
        return scribe.story(RunStories.record(), Ending.done()).pace();
    }

    @Test
    void aTimeWithoutNewsBelongsToTheNextNews() {
        tell("vector", 0, Duration.ofSeconds(1));
        tell("vector", 40, Duration.ofSeconds(2));
        tell("vector", 40, Duration.ofSeconds(3));
        tell("vector", 100, Duration.ofSeconds(5));
        assertEquals(
                List.of(
                        new Pace("vector", NOON, NOON.plusSeconds(2), 40),
                        new Pace("vector", NOON.plusSeconds(2), NOON.plusSeconds(5), 60)),
                pace());
        assertEquals(20, pace().get(0).rate());
    }

    @Test
    void theEndThatComesJustAfterMakesNoPeak() {
        tell("vector", 40, Duration.ofSeconds(2));
        tell("vector", 50, Duration.ofMillis(2001));
        assertEquals(List.of(new Pace("vector", NOON, NOON.plusMillis(2001), 50)), pace());
    }

    @Test
    void anotherColumnAndAnotherPassBeginAnew() {
        tell("one", 40, Duration.ofSeconds(2));
        tell("two", 10, Duration.ofSeconds(1));
        tell("two", 5, Duration.ofMillis(700));
        assertEquals(
                List.of("one", "two", "two"), pace().stream().map(Pace::column).toList());
        assertEquals(List.of(40L, 10L, 5L), pace().stream().map(Pace::texts).toList());
    }

    @Test
    void aLongRunIsToldAsBrieflyAsAShortOneAndNoTextIsLost() {
        for (int second = 1; second <= 10_000; second++) {
            tell("vector", 3L * second, Duration.ofSeconds(second));
        }
        List<Pace> pace = pace();
        assertTrue(pace.size() <= 400, "" + pace.size());
        assertEquals(30_000, pace.stream().mapToLong(Pace::texts).sum());
        pace.forEach(one -> assertEquals(3, one.rate()));
        for (int i = 1; i < pace.size(); i++) {
            assertEquals(pace.get(i - 1).end(), pace.get(i).begin());
        }
    }

    @Test
    void endingsHaveTheExitCodesOfTheCommandLine() {
        assertEquals(
                new Ending("failed", OptionalInt.of(5), "Cannot read."),
                Ending.failed(new EmbedlakeException(ErrorKind.STORAGE, "Cannot read.")));
        assertEquals(
                OptionalInt.of(1),
                Ending.failed(new IllegalStateException("a text?")).exitCode());
        assertEquals(
                "Internal error: IllegalStateException.",
                Ending.failed(new IllegalStateException("a text?")).sentence());
        assertEquals("cancelled", Ending.failed(new CancellationException()).status());
        assertEquals(OptionalInt.of(3), Ending.rejected(0.5, 0.1).exitCode());
    }
}
