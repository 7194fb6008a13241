package io.embedlake.spark.job;

import io.embedlake.remote.batch.BatchWatch;
import io.embedlake.spark.batch.BatchOutcomes;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.Progress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Reports the progress of batches: on each change, and at intervals without one. Confined to the driver. */
final class BatchProgress implements BatchWatch {
    private static final Duration SILENCE = Duration.ofMinutes(30);

    private final PlannedColumn planned;
    private final BatchOutcomes outcomes;
    private final Clock clock;
    private final JobObserver observer;
    private final Instant begin;
    private String said = "";
    private Instant saidAt;

    BatchProgress(PlannedColumn planned, BatchOutcomes outcomes, Clock clock, JobObserver observer) {
        this.planned = planned;
        this.outcomes = outcomes;
        this.clock = clock;
        this.observer = observer;
        this.begin = clock.instant();
        this.saidAt = begin;
    }

    @Override
    public void waiting(int batches) {
        long done = outcomes.embedded() + outcomes.rejections().texts();
        String line = String.format(
                Locale.ROOT,
                "Waiting for %,d %s of %s, %,d of %,d texts done",
                batches,
                batches == 1 ? "batch" : "batches",
                planned.column().spec().label(),
                done,
                Math.max(done, planned.counts().toEmbed()));
        Instant now = clock.instant();
        if (line.equals(said) && Duration.between(saidAt, now).compareTo(SILENCE) < 0) {
            return;
        }
        boolean isFirst = said.isEmpty();
        said = line;
        saidAt = now;
        observer.phase(line
                + (isFirst
                        ? "; this process may be stopped at any time, the next start goes on with them"
                        : ", after " + Progress.readable(Duration.between(begin, now))));
    }
}
