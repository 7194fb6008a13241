package io.embedlake.spark.run;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The Spark jobs and tasks of a run, identified by a tag: those that start after a cancellation are cancelled too. Opened and closed by
 * the run's thread; Spark calls the rest from another thread.
 */
public final class RunJobs extends SparkListener implements AutoCloseable {
    private static final String TAGS = "spark.job.tags";

    /** A task notices that its job is over at its next text; one that waits for a provider at its next answer. */
    private static final Duration LAST_TASKS = Duration.ofMinutes(2);

    private static final Duration EVENTS = Duration.ofSeconds(10);

    private final SparkContext context;
    private final String tag;
    private final Cancellation cancellation;
    private final Set<Integer> stages = new HashSet<>();
    private final Set<Long> tasks = new HashSet<>();

    RunJobs(SparkContext context, String tag, Cancellation cancellation) {
        this.context = context;
        this.tag = tag;
        this.cancellation = cancellation;
        context.addSparkListener(this);
        context.addJobTag(tag);
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
        if (isOurs(start.properties())) {
            synchronized (this) {
                CollectionConverters.asJava(start.stageIds()).forEach(stage -> stages.add((Integer) stage));
            }
            if (cancellation.isAsked()) {
                context.cancelJobsWithTag(tag, "its run was cancelled");
            }
        }
    }

    private boolean isOurs(Properties properties) {
        return properties != null
                && Arrays.asList(properties.getProperty(TAGS, "").split(",")).contains(tag);
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart start) {
        if (stages.contains(start.stageId())) {
            tasks.add(start.taskInfo().taskId());
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (tasks.remove(end.taskInfo().taskId()) && tasks.isEmpty()) {
            notifyAll();
        }
    }

    /** From now on the thread's jobs cannot be cancelled. */
    public void finish() {
        cancellation.finish();
        context.removeJobTag(tag);
    }

    /**
     * Waits for the tasks that a failed job leaves behind, which still hold models and what was paid for.
     *
     * @param failure what stopped the run
     * @return why it stopped: a cancellation if one was requested
     */
    public RuntimeException failed(RuntimeException failure) {
        boolean isCancelled = cancellation.isAsked();
        finish();
        awaitTasks();
        if (!isCancelled || failure instanceof CancellationException) {
            return failure;
        }
        CancellationException cancelled = new CancellationException();
        cancelled.initCause(failure);
        return cancelled;
    }

    private void awaitTasks() {
        long end = System.nanoTime() + LAST_TASKS.toNanos();
        try {
            context.listenerBus().waitUntilEmpty(EVENTS.toMillis());
            synchronized (this) {
                for (long left = LAST_TASKS.toMillis(); !tasks.isEmpty() && left > 0; ) {
                    wait(left);
                    left = Duration.ofNanos(end - System.nanoTime()).toMillis();
                }
            }
        } catch (TimeoutException e) {
            // Spark's listener queue is full: then the tasks end by themselves.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        finish();
        context.removeSparkListener(this);
    }
}
