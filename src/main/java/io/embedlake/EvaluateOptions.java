package io.embedlake;

import io.embedlake.spark.run.JobObserver;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Objects;
import java.util.Optional;

/** Options of an evaluation. Immutable: every method gives other options. */
public final class EvaluateOptions {
    private static final int DEFAULT_ROWS = 10_000;
    private static final int MOST_ROWS = 1_000_000;

    private final Optional<String> column;
    private final int rows;
    private final Optional<String> colorBy;
    private final JobObserver observer;

    private EvaluateOptions(Optional<String> column, int rows, Optional<String> colorBy, JobObserver observer) {
        this.column = column;
        this.rows = rows;
        this.colorBy = colorBy;
        this.observer = observer;
    }

    /** The job's only column, by 10,000 of its vectors. */
    public static EvaluateOptions defaults() {
        return new EvaluateOptions(Optional.empty(), DEFAULT_ROWS, Optional.empty(), new JobObserver() {});
    }

    /** The vector column, where the job has several. */
    public EvaluateOptions column(String name) {
        return new EvaluateOptions(Optional.of(name), rows, colorBy, observer);
    }

    /**
     * How many vectors are drawn at random, as far as 64 MiB hold them.
     *
     * @param count 1 to 1,000,000
     */
    public EvaluateOptions rows(int count) {
        if (count < 1 || count > MOST_ROWS) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot evaluate: rows is " + count + " (from 1 to 1,000,000). Correct it.");
        }
        return new EvaluateOptions(column, count, colorBy, observer);
    }

    /** The source's column that groups the places of the map. */
    public EvaluateOptions colorBy(String sourceColumn) {
        return new EvaluateOptions(column, rows, Optional.of(sourceColumn), observer);
    }

    /** An observer that receives the evaluation's progress. */
    public EvaluateOptions observer(JobObserver listening) {
        return new EvaluateOptions(column, rows, colorBy, Objects.requireNonNull(listening));
    }

    Optional<String> column() {
        return column;
    }

    int rows() {
        return rows;
    }

    Optional<String> colorBy() {
        return colorBy;
    }

    JobObserver observer() {
        return observer;
    }
}
