package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.JobSucceeded$;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** A job that asks for what its cluster does not have once waited without a word. */
class ExecutorWatchTest {
    private final List<String> said = new ArrayList<>();
    private long nanos = 7;
    private int executors;

    private ExecutorWatch watch(String... settings) {
        SparkConf conf = new SparkConf(false).set("spark.executorEnv.OPENAI_API_KEY", "sk-secret");
        for (String setting : settings) {
            conf.set(setting, "1");
        }
        return new ExecutorWatch(conf, () -> executors, said::add, () -> nanos);
    }

    private void wait(ExecutorWatch watch, Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            nanos += Duration.ofSeconds(1).toNanos();
            watch.look();
        }
    }

    private static void start(ExecutorWatch watch, int job) {
        watch.onJobStart(new SparkListenerJobStart(
                job, 0, CollectionConverters.asScala(List.<StageInfo>of()).toSeq(), new Properties()));
    }

    private static TaskInfo task(long id) {
        return new TaskInfo(id, 0, 0, 0, 0, "1", "host", TaskLocality.ANY(), false);
    }

    private static void run(ExecutorWatch watch, long task) {
        watch.onTaskStart(new SparkListenerTaskStart(0, 0, task(task)));
    }

    private static void end(ExecutorWatch watch, long task) {
        watch.onTaskEnd(new SparkListenerTaskEnd(0, 0, "", Success$.MODULE$, task(task), null, null));
    }

    @Test
    void saysOnceWhatNobodyOffers() {
        ExecutorWatch watch = watch("spark.executor.resource.gpu.amount", "spark.executor.cores");
        start(watch, 1);
        wait(watch, ExecutorWatch.PATIENCE.minusSeconds(1));
        assertEquals(List.of(), said);
        wait(watch, Duration.ofMinutes(10));
        assertEquals(
                List.of(
                        "Waiting for executors: for 30 s Spark has run no task, and it has no executor (no machine with free cores, memory"
                                + " and devices for spark.executor.cores=1, spark.executor.resource.gpu.amount=1). Free machines, or ask for"
                                + " less; the run goes on when one comes."),
                said);
    }

    @Test
    void saysNothingWhileATaskRunsOrNothingIsToBeDone() {
        ExecutorWatch watch = watch();
        wait(watch, Duration.ofHours(1));
        start(watch, 1);
        run(watch, 1);
        wait(watch, Duration.ofHours(1));
        end(watch, 1);
        wait(watch, ExecutorWatch.PATIENCE.minusSeconds(1));
        watch.onJobEnd(new SparkListenerJobEnd(1, 0, JobSucceeded$.MODULE$));
        wait(watch, Duration.ofHours(1));
        start(watch, 2);
        wait(watch, ExecutorWatch.PATIENCE.minusSeconds(1));
        assertEquals(List.of(), said);
    }

    @Test
    void saysItAgainWhenExecutorsAreLostAgain() {
        ExecutorWatch watch = watch();
        executors = 2;
        start(watch, 1);
        wait(watch, ExecutorWatch.PATIENCE);
        run(watch, 1);
        end(watch, 1);
        wait(watch, ExecutorWatch.PATIENCE);
        assertEquals(2, said.size());
        assertTrue(
                said.get(0)
                        .contains(
                                "none of its 2 executors takes one (no machine with free cores, memory and devices for what its"
                                        + " settings ask for)"),
                said.get(0));
    }
}
