package io.embedlake.spark.job;

import io.embedlake.spark.executor.EmbedCounters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Watches the counters of a run's tasks that are still running, which Spark's accumulators show only when a task has ended.
 * Thread-safe.
 */
final class ProgressListener extends SparkListener {
    private record Counts(long texts, long tokens) {
        Counts plus(Counts other) {
            return new Counts(texts + other.texts, tokens + other.tokens);
        }
    }

    private final long texts;
    private final long tokens;
    private final Map<Long, Counts> running = new ConcurrentHashMap<>();

    ProgressListener(EmbedCounters counters) {
        this.texts = counters.texts().id();
        this.tokens = counters.tokens().id();
    }

    /** Texts of running tasks. */
    long texts() {
        return sum().texts();
    }

    /** Tokens of running tasks. */
    long tokens() {
        return sum().tokens();
    }

    private Counts sum() {
        return running.values().stream().reduce(new Counts(0, 0), Counts::plus);
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
        CollectionConverters.asJava(update.accumUpdates()).forEach(task -> {
            Counts counts = new Counts(0, 0);
            for (AccumulableInfo counter : CollectionConverters.asJava(task._4())) {
                counts = counts.plus(new Counts(value(counter, texts), value(counter, tokens)));
            }
            running.put((Long) task._1(), counts);
        });
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        running.remove(end.taskInfo().taskId());
    }

    private static long value(AccumulableInfo counter, long id) {
        return counter.id() == id
                        && counter.update().isDefined()
                        && counter.update().get() instanceof Long count
                ? count
                : 0;
    }
}
