package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spark.store.TableVersion;
import io.embedlake.spark.store.TableVersions;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** When a job is run again, with time that passes at once. */
class FollowTest {
    private final List<String> told = new ArrayList<>();
    private final Deque<Runnable> afterPauses = new ArrayDeque<>();
    private final Deque<ErrorKind> failures = new ArrayDeque<>();
    private String target = "target";
    private Optional<TableVersion> source = version(1);
    private Optional<TableVersion> left = Optional.empty();

    private static Optional<TableVersion> version(long number) {
        return Optional.of(new TableVersion("table", number));
    }

    private void follow() {
        Follow.Observer observer = new Follow.Observer() {
            @Override
            public void ended(RunRecord run) {
                told.add(
                        "run " + run.tables().source().map(TableVersion::number).orElse(-1L));
            }

            @Override
            public void failed(EmbedlakeException why, Duration pause) {
                told.add(why.kind() + " " + pause.toSeconds());
            }
        };
        Follow follow = new Follow(() -> source, this::job, Duration.ofSeconds(10), this::pause, observer);
        assertThrows(InterruptedException.class, follow::run);
    }

    private void pause(Duration time) throws InterruptedException {
        if (afterPauses.isEmpty()) {
            throw new InterruptedException();
        }
        afterPauses.poll().run();
    }

    private RunRecord job() {
        if (!failures.isEmpty()) {
            throw new EmbedlakeException(failures.poll(), "Cannot.");
        }
        TableVersions tables = new TableVersions(source, left, Optional.empty(), Optional.empty(), Optional.empty());
        return new RunRecord(
                RunId.of(Instant.EPOCH, new UUID(0, 1)),
                "job",
                Instant.EPOCH,
                Duration.ZERO,
                "source",
                target,
                tables,
                0,
                0,
                List.of(),
                Optional.empty(),
                Map.of(),
                Map.of(),
                "");
    }

    private void then(Runnable change) {
        afterPauses.add(change);
    }

    @Test
    void theJobIsRunWhenTheSourceHasANewVersion() {
        then(() -> {});
        then(() -> source = version(2));
        then(() -> {});
        follow();
        assertEquals(List.of("run 1", "run 2"), told);
    }

    @Test
    void theVersionThatTheRunHasMadeIsNotNew() {
        target = "source";
        left = version(3);
        then(() -> source = version(3));
        then(() -> source = version(4));
        follow();
        assertEquals(List.of("run 1", "run 4"), told);
    }

    @Test
    void aSourceWithoutVersionsIsAlwaysLookedAt() {
        source = Optional.empty();
        then(() -> {});
        follow();
        assertEquals(List.of("run -1", "run -1"), told);
    }

    @Test
    void whatPassesIsTriedAgainAfterLongerPauses() {
        failures.addAll(List.of(ErrorKind.STORAGE, ErrorKind.TRANSIENT));
        then(() -> {});
        then(() -> {});
        follow();
        assertEquals(List.of("STORAGE 20", "TRANSIENT 40", "run 1"), told);
    }

    @Test
    void fiveFailuresInARowAreTheEnd() {
        for (int i = 0; i < 5; i++) {
            failures.add(ErrorKind.STORAGE);
            then(() -> {});
        }
        assertEquals(ErrorKind.STORAGE, failure().kind());
        assertEquals(4, told.size());
    }

    @Test
    void whatWouldFailAgainEndsAtOnce() {
        failures.add(ErrorKind.CONFIGURATION);
        assertEquals(ErrorKind.CONFIGURATION, failure().kind());
        assertEquals(List.of(), told);
    }

    private EmbedlakeException failure() {
        return assertThrows(EmbedlakeException.class, () -> {
            try {
                follow();
            } catch (AssertionError e) {
                throw e.getCause();
            }
        });
    }
}
