package io.embedlake.benchmark;

import io.embedlake.spark.run.JobObserver;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.RDDInfo;
import scala.jdk.javaapi.CollectionConverters;

/**
 * When the phases of a run and its Spark jobs began, and what their tasks have read from files. Rows that the executors have kept since an
 * earlier stage are none, though Spark's metrics count them too. Thread-safe.
 */
final class RunTimeline extends SparkListener implements JobObserver {
    private static final String SCAN = "FileScanRDD";

    private final SparkContext context;
    private final Map<Integer, Job> jobs = new HashMap<>();
    private final Map<Integer, Job> jobsOfStages = new HashMap<>();
    private final Set<Integer> scans = new HashSet<>();
    private final Set<Integer> kept = new HashSet<>();
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private long began;
    private long rows;
    private long bytes;

    private RunTimeline(SparkContext context) {
        this.context = context;
    }

    /** Listens to a session's jobs from now on. */
    static RunTimeline of(SparkSession spark) {
        RunTimeline timeline = new RunTimeline(spark.sparkContext());
        spark.sparkContext().addSparkListener(timeline);
        return timeline;
    }

    private record Line(long at, String what) {}

    /** Changed by the listener's thread alone. */
    private static final class Job {
        private final long began;
        private final String name;
        private int tasks;
        private long millis;
        private long read;
        private long written;

        Job(long began, String name) {
            this.began = began;
            this.name = name;
        }
    }

    /** Forgets everything before. */
    void begin() {
        await();
        synchronized (this) {
            lines.clear();
            rows = 0;
            bytes = 0;
            began = System.currentTimeMillis();
        }
    }

    /** Rows read from files since the beginning. */
    synchronized long rows() {
        return rows;
    }

    /** Bytes read from files since the beginning. */
    synchronized long bytes() {
        return bytes;
    }

    /** Waits until all that has happened was counted. */
    void await() {
        try {
            context.listenerBus().waitUntilEmpty(60_000);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A line for each phase and job, in their order. */
    synchronized List<String> lines() {
        return lines.stream()
                .sorted(Comparator.comparingLong(Line::at))
                .map(line -> String.format(Locale.ROOT, "%8.2f s  %s", (line.at - began) / 1e3, line.what))
                .toList();
    }

    @Override
    public void phase(String what) {
        lines.add(new Line(System.currentTimeMillis(), what));
    }

    @Override
    public synchronized void onJobStart(SparkListenerJobStart started) {
        Job job = new Job(started.time(), "job " + started.jobId());
        jobs.put(started.jobId(), job);
        CollectionConverters.asJava(started.stageInfos()).forEach(stage -> jobsOfStages.put(stage.stageId(), job));
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted stage) {
        if (reads(CollectionConverters.asJava(stage.stageInfo().rddInfos()))) {
            scans.add(stage.stageInfo().stageId());
        }
    }

    /** Whether a scan of files is reached from the stage's last step without passing rows that are kept. */
    private boolean reads(Collection<RDDInfo> steps) {
        Map<Integer, RDDInfo> all = steps.stream().collect(Collectors.toMap(RDDInfo::id, step -> step));
        Set<Integer> inner = steps.stream().flatMap(RunTimeline::parents).collect(Collectors.toSet());
        Deque<Integer> open = new ArrayDeque<>(all.keySet());
        open.removeAll(inner);
        while (!open.isEmpty()) {
            RDDInfo step = all.get(open.pop());
            if (step != null && !kept.contains(step.id())) {
                if (step.name().contains(SCAN)) {
                    return true;
                }
                parents(step).forEach(open::push);
            }
        }
        return false;
    }

    private static Stream<Integer> parents(RDDInfo step) {
        return CollectionConverters.asJava(step.parentIds()).stream().map(parent -> (Integer) parent);
    }

    @Override
    public synchronized void onStageCompleted(SparkListenerStageCompleted stage) {
        CollectionConverters.asJava(stage.stageInfo().rddInfos()).stream()
                .filter(step -> step.storageLevel().isValid())
                .forEach(step -> kept.add(step.id()));
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
        TaskMetrics metrics = task.taskMetrics();
        Job job = jobsOfStages.get(task.stageId());
        if (metrics == null || job == null) {
            return;
        }
        job.tasks++;
        job.millis += metrics.executorRunTime();
        job.written += metrics.outputMetrics().recordsWritten();
        if (scans.contains(task.stageId())) {
            job.read += metrics.inputMetrics().recordsRead();
            rows += metrics.inputMetrics().recordsRead();
            bytes += metrics.inputMetrics().bytesRead();
        }
    }

    @Override
    public synchronized void onJobEnd(SparkListenerJobEnd ended) {
        Job job = jobs.get(ended.jobId());
        if (job != null) {
            lines.add(new Line(
                    job.began,
                    String.format(
                            Locale.ROOT,
                            "    %s: %.2f s, %d tasks of %.2f s, %,d rows read and %,d written",
                            job.name,
                            (ended.time() - job.began) / 1e3,
                            job.tasks,
                            job.millis / 1e3,
                            job.read,
                            job.written)));
        }
    }
}
