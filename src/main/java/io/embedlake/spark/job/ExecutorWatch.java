package io.embedlake.spark.job;

import io.embedlake.spark.run.JobObserver;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Says, once each time, that Spark has jobs and has run none of their tasks for long: Spark itself waits for executors without an end and without a word that is
 * seen. Opened and closed by the run's thread; thread-safe.
 */
final class ExecutorWatch extends SparkListener implements AutoCloseable {
    /** Longer than a cluster takes to start a JVM. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Set<String> ASKED = Set.of(
            "spark.cores.max",
            "spark.dynamicAllocation.maxExecutors",
            "spark.executor.cores",
            "spark.executor.instances",
            "spark.executor.memory",
            "spark.executor.memoryOverhead");

    private final String asked;
    private final IntSupplier executors;
    private final Consumer<String> waiting;
    private final LongSupplier clock;
    private final Set<Integer> jobs = new HashSet<>();
    private final Set<Long> tasks = new HashSet<>();
    private long idleSinceNanos;
    private boolean isSaid;
    private Runnable stop = () -> {};

    /**
     * A watch that sees no events yet.
     *
     * @param executors how many there are
     * @param waiting gets the sentence
     * @param clock nanoseconds since any moment
     */
    ExecutorWatch(SparkConf conf, IntSupplier executors, Consumer<String> waiting, LongSupplier clock) {
        this.asked = asked(conf);
        this.executors = executors;
        this.waiting = waiting;
        this.clock = clock;
    }

    /** Watches until it is closed; where the driver runs the tasks itself there is nothing to watch. */
    static ExecutorWatch of(SparkContext context, JobObserver observer) {
        ExecutorWatch watch =
                new ExecutorWatch(context.conf(), () -> executors(context), observer::waiting, System::nanoTime);
        if (!context.isLocal()) {
            context.addSparkListener(watch);
            ProgressTicker ticker = new ProgressTicker(watch::look);
            watch.stop = () -> {
                ticker.close();
                context.removeSparkListener(watch);
            };
        }
        return watch;
    }

    /** Without the driver, which Spark counts too. */
    private static int executors(SparkContext context) {
        return Math.max(0, context.statusTracker().getExecutorInfos().length - 1);
    }

    private static String asked(SparkConf conf) {
        return Arrays.stream(conf.getAll())
                .filter(setting -> isAsked(setting._1()))
                .map(setting -> setting._1() + "=" + setting._2())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static boolean isAsked(String key) {
        return ASKED.contains(key) || key.startsWith("spark.executor.resource.") && key.endsWith(".amount");
    }

    @Override
    public synchronized void onJobStart(SparkListenerJobStart start) {
        if (jobs.isEmpty() && tasks.isEmpty()) {
            idle();
        }
        jobs.add(start.jobId());
    }

    @Override
    public synchronized void onJobEnd(SparkListenerJobEnd end) {
        jobs.remove(end.jobId());
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart start) {
        tasks.add(start.taskInfo().taskId());
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (tasks.remove(end.taskInfo().taskId()) && tasks.isEmpty()) {
            idle();
        }
    }

    private void idle() {
        idleSinceNanos = clock.getAsLong();
        isSaid = false;
    }

    /** Says it when it is time. */
    void look() {
        sentence().ifPresent(waiting);
    }

    private synchronized Optional<String> sentence() {
        if (isSaid || jobs.isEmpty() || !tasks.isEmpty() || clock.getAsLong() - idleSinceNanos < PATIENCE.toNanos()) {
            return Optional.empty();
        }
        isSaid = true;
        int there = executors.getAsInt();
        return Optional.of("Waiting for executors: for " + PATIENCE.toSeconds() + " s Spark has run no task, and "
                + (there == 0 ? "it has no executor" : "none of its " + there + " executors takes one")
                + " (no machine with free cores, memory and devices for "
                + (asked.isEmpty() ? "what its settings ask for" : asked)
                + "). Free machines, or ask for less; the run goes on when one comes.");
    }

    @Override
    public void close() {
        stop.run();
    }
}
