package io.embedlake.spark.metrics;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.embedlake.remote.limit.Traffic;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.apache.spark.metrics.MetricsSystem;
import org.apache.spark.metrics.source.Source;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The metrics of a job in a Spark application: counters of all its runs there, and gauges of those under way. It stays when a run ends, so
 * that what comes by seldom still sees it. Thread-safe.
 */
final class JobSource implements Source {
    private static final String PREFIX = "embedlake.";

    private final String name;
    private final MetricRegistry registry = new MetricRegistry();
    private final Set<RunMetrics> running = ConcurrentHashMap.newKeySet();
    private final Counter runs = registry.counter("runs");
    private final Counter failedRuns = registry.counter("runs_failed");
    private final Counter waves = registry.counter("waves");
    private final Counter embedded = registry.counter("texts_embedded");
    private final Counter reused = registry.counter("texts_reused");
    private final Counter rejected = registry.counter("texts_rejected");
    private final Counter tokens = registry.counter("tokens");
    private final Counter endedCalls = new Counter();
    private final DoubleAdder endedWaits = new DoubleAdder();
    private final DoubleAdder usd = new DoubleAdder();

    private JobSource(String name) {
        this.name = name;
        gauge("runs_under_way", running::size);
        gauge("texts_left", () -> sum(RunMetrics::left));
        gauge("texts_in_wave", () -> sum(RunMetrics::inWave));
        gauge("texts_per_second", () -> total(RunMetrics::textsPerSecond));
        gauge("tokens_per_second", () -> total(RunMetrics::tokensPerSecond));
        gauge(
                "provider_calls",
                () -> endedCalls.getCount() + sum(run -> run.traffic().calls()));
        gauge("provider_wait_seconds", () -> endedWaits.sum() + total(run -> seconds(run.traffic())));
        gauge("spend_usd", () -> usd.sum() + total(RunMetrics::usdInWave));
    }

    /** The one of a job in a metrics system; made and registered when there is none. */
    static synchronized JobSource of(MetricsSystem system, String job) {
        String name = PREFIX + job;
        return CollectionConverters.asJava(system.getSourcesByName(name)).stream()
                .filter(JobSource.class::isInstance)
                .map(JobSource.class::cast)
                .findFirst()
                .orElseGet(() -> {
                    JobSource made = new JobSource(name);
                    system.registerSource(made);
                    return made;
                });
    }

    private void gauge(String metric, Gauge<?> value) {
        registry.register(metric, value);
    }

    private long sum(ToLongFunction<RunMetrics> value) {
        return running.stream().mapToLong(value).sum();
    }

    private double total(ToDoubleFunction<RunMetrics> value) {
        return running.stream().mapToDouble(value).sum();
    }

    private static double seconds(Traffic traffic) {
        return traffic.paused().toMillis() / 1000.0;
    }

    @Override
    public String sourceName() {
        return name;
    }

    @Override
    public MetricRegistry metricRegistry() {
        return registry;
    }

    void begins(RunMetrics run) {
        running.add(run);
        runs.inc();
    }

    /** @param last what the run has sent, to the end */
    void ends(RunMetrics run, Traffic last) {
        endedCalls.inc(last.calls());
        endedWaits.add(seconds(last));
        running.remove(run);
    }

    void failed() {
        failedRuns.inc();
    }

    void reuses(long texts) {
        reused.inc(texts);
    }

    void commits(long texts, long refused, long ofTokens, double cost) {
        waves.inc();
        embedded.inc(texts);
        rejected.inc(refused);
        tokens.inc(ofTokens);
        usd.add(cost);
    }
}
