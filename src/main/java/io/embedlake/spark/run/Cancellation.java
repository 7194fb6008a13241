package io.embedlake.spark.run;

import io.embedlake.spark.store.RunId;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;

/**
 * Lets any thread stop a run. Its Spark jobs are cancelled and nothing else is interrupted, so that no file is left half written: the
 * run ends with the step that the driver is at. One run an instance; thread-safe.
 */
public final class Cancellation {
    private final String tag;
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile Runnable cancelJobs = () -> {};
    private volatile boolean isTooLate;

    /** Not requested yet. */
    public Cancellation(RunId run) {
        this.tag = "embedlake-" + run;
    }

    /** Asks the run to stop, and returns at once. A run that is over, or is recording its success, is not affected. */
    public void cancel() {
        asked.countDown();
        cancelJobs.run();
    }

    /** Whether cancellation was requested in time. */
    boolean isAsked() {
        return asked.getCount() == 0 && !isTooLate;
    }

    /** The run's end is decided: who asks now asks in vain. */
    void finish() {
        isTooLate = true;
    }

    /** The Spark jobs that this thread starts from now on are the run's. */
    public RunJobs open(SparkContext context) {
        cancelJobs = () -> context.cancelJobsWithTag(tag, "its run was cancelled");
        return new RunJobs(context, tag, this);
    }

    /** Waits, until cancellation is requested at the latest. */
    public void sleep(Duration time) throws InterruptedException {
        if (asked.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new CancellationException();
        }
    }

    /** Passes on a job's progress, and stops the job where a step begins. */
    public JobObserver watching(JobObserver observer) {
        return new PassingObserver() {
            @Override
            public JobObserver observer() {
                return observer;
            }

            @Override
            public void phase(String what) {
                observer.phase(what);
                if (isAsked()) {
                    throw new CancellationException();
                }
            }
        };
    }
}
