package io.embedlake.spark.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.remote.limit.Traffic;
import io.embedlake.spark.run.CommittedWave;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.Progress;
import io.embedlake.spark.run.TokenHistogram;
import io.embedlake.spi.InputKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.SparkConf;
import org.apache.spark.metrics.MetricsSystem;
import org.junit.jupiter.api.Test;

class RunMetricsTest {
    private final MetricsSystem system = MetricsSystem.createMetricsSystem("driver", new SparkConf());
    private final AtomicReference<Traffic> traffic = new AtomicReference<>(Traffic.NONE);

    private RunMetrics run() {
        return new RunMetrics(system, "reviews", traffic::get, new JobObserver() {}).begin();
    }

    private Object value(String name) {
        Metric metric =
                JobSource.of(system, "reviews").metricRegistry().getMetrics().get(name);
        return metric instanceof Counter counter ? (Object) counter.getCount() : ((Gauge<?>) metric).getValue();
    }

    private static WorkPlan plan(double usdPerMillionTokens) {
        return new WorkPlan(
                "reviews",
                "source",
                "target",
                "store",
                100,
                "all rows",
                List.of(new WorkPlan.ColumnPlan(
                        "vector",
                        "text",
                        "openai m",
                        "f00",
                        InputKind.TEXT,
                        new WorkPlan.Counts(0, 100, 100, 40, 0, 60, 900, 900, 7),
                        Optional.empty(),
                        "none",
                        2,
                        Optional.empty(),
                        new WorkPlan.Charge(OptionalDouble.of(usdPerMillionTokens), "the job's limits"),
                        List.of())));
    }

    private static Progress progress(long texts, long tokens, int seconds) {
        return new Progress("vector", InputKind.TEXT, texts, 60, tokens, Duration.ofSeconds(seconds));
    }

    private static CommittedWave wave(long embedded, long rejected, long tokens, double usd) {
        return new CommittedWave(
                "run",
                "vector",
                InputKind.TEXT,
                1,
                embedded,
                rejected,
                tokens,
                0,
                TokenHistogram.NONE,
                OptionalDouble.of(usd),
                0,
                Duration.ZERO,
                Duration.ofSeconds(1));
    }

    @Test
    void countersAreOfCommittedWavesAndGaugesOfWhatIsUnderWay() {
        RunMetrics run = run();
        run.planned(plan(1_000_000));
        run.progress(progress(20, 200, 4));
        assertEquals(40L, value("texts_reused"));
        assertEquals(0L, value("texts_embedded"));
        assertEquals(20L, value("texts_in_wave"));
        assertEquals(40L, value("texts_left"));
        assertEquals(5.0, value("texts_per_second"));
        assertEquals(50.0, value("tokens_per_second"));
        assertEquals(200.0, value("spend_usd"), "what is not committed costs, too");
        run.committed(wave(18, 2, 200, 200));
        assertEquals(18L, value("texts_embedded"));
        assertEquals(2L, value("texts_rejected"));
        assertEquals(200L, value("tokens"));
        assertEquals(1L, value("waves"));
        assertEquals(0L, value("texts_in_wave"));
        assertEquals(200.0, value("spend_usd"), "the same tokens are not counted twice");
        run.progress(progress(30, 300, 6));
        assertEquals(10L, value("texts_in_wave"));
        assertEquals(300.0, value("spend_usd"));
    }

    @Test
    void aSecondPassOverAColumnBeginsAtNothing() {
        RunMetrics run = run();
        run.progress(progress(60, 600, 9));
        run.committed(wave(60, 0, 600, 0));
        run.progress(progress(3, 30, 1));
        assertEquals(3L, value("texts_in_wave"));
    }

    @Test
    void whatARunHasDoneStaysWhenItEnds() {
        try (RunMetrics run = run()) {
            traffic.set(new Traffic(7, Duration.ofMillis(2500)));
            assertEquals(1, value("runs_under_way"));
            assertEquals(7L, value("provider_calls"));
            assertEquals(2.5, value("provider_wait_seconds"));
            run.failed();
        }
        traffic.set(Traffic.NONE);
        try (RunMetrics next = run()) {
            traffic.set(new Traffic(1, Duration.ZERO));
            assertEquals(8L, value("provider_calls"));
        }
        assertEquals(2L, value("runs"));
        assertEquals(1L, value("runs_failed"));
        assertEquals(0, value("runs_under_way"));
        assertEquals(2.5, value("provider_wait_seconds"));
    }
}
