package io.embedlake.spark.metrics;

import io.embedlake.pipeline.WorkPlan;
import io.embedlake.remote.limit.Traffic;
import io.embedlake.spark.run.CommittedWave;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.PassingObserver;
import io.embedlake.spark.run.Progress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.metrics.MetricsSystem;

/**
 * Shows a run among Spark's metrics, and passes everything on. Counters are exact: they grow when a wave is in the store; gauges tell of
 * texts that are still under way. Thread-safe; closed by its owner at the run's end.
 */
public final class RunMetrics implements PassingObserver, AutoCloseable {
    private final JobSource source;
    private final Supplier<Traffic> traffic;
    private final JobObserver observer;
    private final Map<String, WorkPlan.Charge> charges = new HashMap<>();
    private Optional<Progress> progress = Optional.empty();
    private long committedTexts;
    private long committedTokens;

    /**
     * The metrics of a run that has not begun.
     *
     * @param traffic what it has sent to providers so far
     * @param observer is told what the run tells
     */
    public RunMetrics(MetricsSystem system, String job, Supplier<Traffic> traffic, JobObserver observer) {
        this.source = JobSource.of(system, job);
        this.traffic = traffic;
        this.observer = observer;
    }

    @Override
    public JobObserver observer() {
        return observer;
    }

    /** The run begins; it ends when this is closed. */
    public RunMetrics begin() {
        source.begins(this);
        return this;
    }

    @Override
    public void planned(WorkPlan plan) {
        synchronized (this) {
            plan.columns().forEach(column -> charges.put(column.column(), column.charge()));
        }
        source.reuses(plan.columns().stream()
                .mapToLong(column -> column.counts().embedded())
                .sum());
        observer.planned(plan);
    }

    @Override
    public void progress(Progress now) {
        synchronized (this) {
            if (progress.filter(before -> isOneWith(before, now)).isEmpty()) {
                committedTexts = 0;
                committedTokens = 0;
            }
            progress = Optional.of(now);
        }
        observer.progress(now);
    }

    /** Whether both are of the same pass over a column. */
    private static boolean isOneWith(Progress before, Progress now) {
        return before.column().equals(now.column()) && before.elapsed().compareTo(now.elapsed()) <= 0;
    }

    @Override
    public void committed(CommittedWave wave) {
        synchronized (this) {
            committedTexts += wave.texts();
            committedTokens += wave.tokens();
        }
        source.commits(
                wave.embedded(), wave.rejected(), wave.tokens(), wave.usd().orElse(0));
        observer.committed(wave);
    }

    /** It has failed or was cancelled. */
    public void failed() {
        source.failed();
    }

    @Override
    public void close() {
        source.ends(this, traffic.get());
    }

    Traffic traffic() {
        return traffic.get();
    }

    synchronized long left() {
        return progress.map(now -> now.total() - now.texts()).orElse(0L);
    }

    /** Texts with an outcome whose wave is not committed: what is paid for is in the spool. */
    synchronized long inWave() {
        return progress.map(now -> Math.max(0, now.texts() - committedTexts)).orElse(0L);
    }

    /** What the tokens cost that are not committed; what tasks count twice may be too much. */
    synchronized double usdInWave() {
        return progress.map(now -> charges.getOrDefault(now.column(), WorkPlan.Charge.NONE)
                        .of(Math.max(0, now.tokens() - committedTokens))
                        .orElse(0))
                .orElse(0.0);
    }

    synchronized double textsPerSecond() {
        return progress.map(now -> now.texts() / seconds(now.elapsed())).orElse(0.0);
    }

    synchronized double tokensPerSecond() {
        return progress.map(now -> now.tokens() / seconds(now.elapsed())).orElse(0.0);
    }

    private static double seconds(Duration elapsed) {
        return Math.max(0.001, elapsed.toMillis() / 1000.0);
    }
}
