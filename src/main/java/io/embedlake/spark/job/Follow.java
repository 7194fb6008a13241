package io.embedlake.spark.job;

import io.embedlake.retry.Sleeper;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spark.store.TableVersion;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Runs a job whenever its source has a new version, until its thread is interrupted. Each run looks at the rows that have changed since the
 * last one that ended, so it does not matter when the process is killed, nor for how long it is down. Confined to one thread.
 *
 * <p>A source without versions, such as a folder of files, is looked at as often as time allows.
 */
public final class Follow {
    /** What passes with time, or when somebody has acted. */
    private static final Set<ErrorKind> PASSING =
            EnumSet.of(ErrorKind.STORAGE, ErrorKind.TRANSIENT, ErrorKind.THROTTLED);

    private static final int MOST_FAILURES = 5;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final Supplier<Optional<TableVersion>> source;
    private final Supplier<RunRecord> job;
    private final Duration every;
    private final Sleeper sleeper;
    private final Observer observer;

    /** What is told of the runs, on the thread that follows. */
    public interface Observer {
        /** A run has ended. */
        void ended(RunRecord run);

        /** A run has failed, and the next is begun after a pause. */
        void failed(EmbedlakeException why, Duration pause);
    }

    /**
     * @param source the newest version of the source, where it has versions
     * @param job runs the job once
     * @param every how often the source is looked at
     */
    public Follow(
            Supplier<Optional<TableVersion>> source,
            Supplier<RunRecord> job,
            Duration every,
            Sleeper sleeper,
            Observer observer) {
        this.source = source;
        this.job = job;
        this.every = every;
        this.sleeper = sleeper;
        this.observer = observer;
    }

    /**
     * Follows the source.
     *
     * @throws EmbedlakeException of a run, at once when it would fail again, else after five failures in a row
     * @throws InterruptedException when the thread is interrupted: between two runs, or by the run that it stops
     */
    public void run() throws InterruptedException {
        Optional<TableVersion> seen = Optional.empty();
        int failures = 0;
        while (true) {
            Duration pause = every;
            try {
                Optional<TableVersion> now = source.get();
                if (now.isEmpty() || !now.equals(seen)) {
                    RunRecord run = job.get();
                    // A table that is its own target has the version that the run has made.
                    boolean isInPlace = run.source().equals(run.target());
                    seen = isInPlace ? run.tables().target() : run.tables().source();
                    observer.ended(run);
                }
                failures = 0;
            } catch (EmbedlakeException e) {
                if (!PASSING.contains(e.kind()) || ++failures == MOST_FAILURES) {
                    throw e;
                }
                pause = longer(every, failures);
                observer.failed(e, pause);
            }
            sleeper.sleep(pause);
        }
    }

    private static Duration longer(Duration every, int failures) {
        Duration pause = every.multipliedBy(1L << failures);
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
