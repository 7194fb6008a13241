package io.embedlake.spark.report;

import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.report.RunStory.Ending;
import io.embedlake.spark.report.RunStory.Pace;
import io.embedlake.spark.report.RunStory.Wave;
import io.embedlake.spark.run.CommittedWave;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.PassingObserver;
import io.embedlake.spark.run.Progress;
import io.embedlake.spark.store.RunRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes down what a run tells, and passes it on; one run an instance. Thread-safe. Of the pace it keeps no more for a long run than for
 * a short one: when there is much, times are joined two by two.
 */
public final class RunScribe implements PassingObserver {
    private static final int MOST = 400;

    /** The last of a column's progress often comes just after the one before. */
    private static final Duration SHORT = Duration.ofMillis(500);

    private final JobObserver observer;
    private final Clock clock;
    private final List<Wave> waves = new ArrayList<>();
    private final List<Pace> pace = new ArrayList<>();
    private Optional<WorkPlan> plan = Optional.empty();
    private Optional<Progress> last = Optional.empty();

    /** @param observer is told what the run tells */
    public RunScribe(JobObserver observer, Clock clock) {
        this.observer = observer;
        this.clock = clock;
    }

    @Override
    public JobObserver observer() {
        return observer;
    }

    @Override
    public void planned(WorkPlan made) {
        synchronized (this) {
            plan = Optional.of(made);
        }
        observer.planned(made);
    }

    @Override
    public void progress(Progress now) {
        write(now);
        observer.progress(now);
    }

    /** Executors tell of their texts every few seconds: a time without news belongs to the next news. */
    private synchronized void write(Progress now) {
        Instant at = clock.instant();
        Optional<Progress> before = last.filter(
                one -> one.column().equals(now.column()) && one.elapsed().compareTo(now.elapsed()) <= 0);
        long texts = now.texts() - before.map(Progress::texts).orElse(0L);
        if (texts <= 0) {
            return;
        }
        Instant begin = before.isPresent() ? pace.get(pace.size() - 1).end() : at.minus(now.elapsed());
        Pace news = new Pace(now.column(), begin, at, texts);
        if (before.isPresent() && news.length().compareTo(SHORT) < 0) {
            pace.set(pace.size() - 1, pace.get(pace.size() - 1).and(news));
        } else {
            pace.add(news);
        }
        last = Optional.of(now);
        joinWhereMany();
    }

    private void joinWhereMany() {
        if (pace.size() <= MOST) {
            return;
        }
        List<Pace> joined = new ArrayList<>();
        for (int i = 0; i < pace.size(); i++) {
            Pace one = pace.get(i);
            Pace next = i + 1 < pace.size() ? pace.get(i + 1) : one;
            boolean isPair = next != one
                    && next.column().equals(one.column())
                    && next.begin().equals(one.end());
            joined.add(isPair ? one.and(next) : one);
            i += isPair ? 1 : 0;
        }
        pace.clear();
        pace.addAll(joined);
    }

    @Override
    public void committed(CommittedWave wave) {
        synchronized (this) {
            waves.add(new Wave(wave, clock.instant()));
        }
        observer.committed(wave);
    }

    /** The story of a run that has ended. */
    public synchronized RunStory story(RunRecord run, Ending ending) {
        return new RunStory(run, ending, plan, waves, pace, List.of());
    }
}
