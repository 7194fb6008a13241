package io.embedlake;

import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.Rejections;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spi.ErrorKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The result of a completed run; the table of runs, {@code _runs} beside the store, has it too. Immutable. */
public final class RunReport {
    private final RunRecord run;
    private final double maxErrorRate;

    RunReport(RunRecord run, double maxErrorRate) {
        this.run = run;
        this.maxErrorRate = maxErrorRate;
    }

    /** The run's name: the {@code run_id} of all tables. */
    public String run() {
        return run.run().text();
    }

    /** The job's name. */
    public String job() {
        return run.job();
    }

    /** When it began. */
    public Instant startedAt() {
        return run.startedAt();
    }

    /** How long it took. */
    public Duration duration() {
        return run.duration();
    }

    /** The rows of the source that the job is about, and this run has looked at. */
    public long rows() {
        return run.rows();
    }

    /** Which rows of the source it looked at, and why, in words: those that have changed since a version, or all of them. */
    public String look() {
        return run.look();
    }

    /** The rows of the target whose vectors it changed. */
    public long rowsPublished() {
        return run.rowsPublished();
    }

    /** The figures of each vector column, in the job's order. */
    public List<ColumnRecord> columns() {
        return run.columns();
    }

    /**
     * How many texts of all columns this run rejected, by kind of error; kinds without a text are left out. Texts of the kinds {@code
     * PROTOCOL} and {@code TRANSIENT} were given up after broken answers or temporary failures: {@link EmbedJob#replay} retries them.
     */
    public Map<ErrorKind, Long> rejectedByKind() {
        return columns().stream()
                .map(column -> new Rejections(column.rejectedByKind()))
                .reduce(Rejections.NONE, Rejections::plus)
                .byKind();
    }

    /** The share of the distinct texts that got no vector, 0 to 1, of the worst column. */
    public double errorRate() {
        return run.errorRate();
    }

    /** The share of the distinct texts that may be rejected, 0 to 1. */
    public double maxErrorRate() {
        return maxErrorRate;
    }

    /** Whether more was rejected than the job allows. */
    public boolean tooManyRejected() {
        return errorRate() > maxErrorRate;
    }

    @Override
    public String toString() {
        return "run " + run() + " of " + job() + ": " + rows() + " rows, " + rowsPublished() + " changed";
    }
}
