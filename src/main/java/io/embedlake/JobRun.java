package io.embedlake;

import io.embedlake.spark.run.Cancellation;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.PassingObserver;
import io.embedlake.spark.run.Progress;
import io.embedlake.spark.store.RunId;
import io.embedlake.spi.EmbedlakeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** A run under way, on its own thread that ends with it. Thread-safe. */
public final class JobRun {
    private final RunId run;
    private final Cancellation cancellation;
    private final Thread thread;
    private volatile Optional<Progress> progress = Optional.empty();
    private volatile String phase = "Starting";
    private volatile Optional<RunReport> report = Optional.empty();
    private volatile Optional<Throwable> failure = Optional.empty();

    JobRun(RunId run, JobObserver observer, BiFunction<JobObserver, Cancellation, RunReport> work) {
        this.run = run;
        this.cancellation = new Cancellation(run);
        this.thread = new Thread(() -> run(observer, work), "embedlake-run-" + run);
        thread.setDaemon(true);
        thread.start();
    }

    private void run(JobObserver observer, BiFunction<JobObserver, Cancellation, RunReport> work) {
        try {
            report = Optional.of(work.apply(new Following(observer), cancellation));
        } catch (RuntimeException | Error e) {
            failure = Optional.of(e);
        }
    }

    /** Remembers how far the run is, and passes it on. */
    private final class Following implements PassingObserver {
        private final JobObserver observer;

        Following(JobObserver observer) {
            this.observer = observer;
        }

        @Override
        public JobObserver observer() {
            return observer;
        }

        @Override
        public void phase(String what) {
            phase = what;
            observer.phase(what);
        }

        @Override
        public void progress(Progress now) {
            progress = Optional.of(now);
            observer.progress(now);
        }
    }

    /** The run's name: the {@code run_id} of all tables. */
    public String run() {
        return run.text();
    }

    /** The step that the run is at, in words. */
    public String phase() {
        return phase;
    }

    /** How far embedding is, as of about a second ago; nothing before it begins. */
    public Optional<Progress> progress() {
        return progress;
    }

    /** Whether the run has ended: done, failed or cancelled. */
    public boolean isDone() {
        return !thread.isAlive();
    }

    /**
     * Waits for the end of the run.
     *
     * @throws EmbedlakeException as {@link EmbedJob#run()} does
     * @throws CancellationException when it was cancelled
     * @throws InterruptedException when the waiting thread was interrupted; the run continues
     */
    public RunReport await() throws InterruptedException {
        thread.join();
        return outcome();
    }

    /**
     * Waits for the end of the run, at most this long; empty when the run continues.
     *
     * @throws EmbedlakeException as {@link #await()} does, and so for the others
     */
    public Optional<RunReport> await(Duration longest) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedJoin(thread, longest.toNanos());
        return isDone() ? Optional.of(outcome()) : Optional.empty();
    }

    private RunReport outcome() {
        failure.ifPresent(why -> {
            if (why instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) why;
        });
        return report.orElseThrow();
    }

    /**
     * Asks the run to stop, and returns at once; {@link #await()} waits until it has. Its Spark jobs are cancelled and no others; what was
     * embedded or paid for is kept, the run is recorded as {@code cancelled}, nothing is published, and the next run resumes. A run that
     * is over, or is recording its success, is not affected.
     */
    public void cancel() {
        cancellation.cancel();
    }

    @Override
    public String toString() {
        return "run " + run + ": " + (isDone() ? "done" : phase);
    }
}
