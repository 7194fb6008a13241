package io.embedlake;

import io.embedlake.spark.job.Anew;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.search.ColumnSample;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a job is run this time. Immutable: every method gives other options. */
public final class RunOptions {
    private static final RunOptions DEFAULTS =
            new RunOptions(Anew.NOTHING, Set.of(), new JobObserver() {}, Optional.empty());

    private final Anew anew;
    private final Set<ErrorKind> retried;
    private final JobObserver observer;
    private final Optional<RunPageFile> page;

    private RunOptions(Anew anew, Set<ErrorKind> retried, JobObserver observer, Optional<RunPageFile> page) {
        this.anew = anew;
        this.retried = Set.copyOf(retried);
        this.observer = observer;
        this.page = page;
    }

    /** Existing reductions are used, rejected texts stay rejected, no observer. */
    public static RunOptions defaults() {
        return DEFAULTS;
    }

    /** New versions of the reductions are fitted to the current texts, and all rows are published again with them. */
    public RunOptions refit() {
        return new RunOptions(Anew.REDUCTIONS, retried, observer, page);
    }

    /** All rows are looked at, also those that have not changed since the last run. */
    public RunOptions full() {
        return new RunOptions(anew == Anew.NOTHING ? Anew.ROWS : anew, retried, observer, page);
    }

    /**
     * Texts are tried again that were rejected for these reasons.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} for a kind that no text is rejected for
     */
    public RunOptions retry(ErrorKind... kinds) {
        for (ErrorKind kind : kinds) {
            if (!kind.concernsRows()) {
                throw new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot retry texts of the kind " + kind + " (texts are rejected as "
                                + Stream.of(ErrorKind.values())
                                        .filter(ErrorKind::concernsRows)
                                        .map(ErrorKind::name)
                                        .collect(Collectors.joining(", "))
                                + "). Name another kind.");
            }
        }
        Set<ErrorKind> again = EnumSet.noneOf(ErrorKind.class);
        again.addAll(retried);
        again.addAll(List.of(kinds));
        return new RunOptions(anew, again, observer, page);
    }

    /** An observer that receives the job's progress; it replaces an earlier one. */
    public RunOptions observer(JobObserver listening) {
        return new RunOptions(anew, retried, Objects.requireNonNull(listening), page);
    }

    /**
     * A page of HTML about the run, written when it ends, however it ends; it replaces an earlier one. It shows ids of some rows and of those
     * nearest to them, and no texts, because it may be passed on. For the nearest rows the column is read about five times, where it has more
     * than a million rows for a part of them.
     *
     * @param file in a folder of this machine; it is replaced
     */
    public RunOptions page(Path file) {
        return page(new RunPageFile(file, ColumnSample.Shown.IDS));
    }

    /** As {@link #page}, with what the other columns of those rows hold, but for vectors: texts as well. */
    public RunOptions pageWithValues(Path file) {
        return page(new RunPageFile(file, ColumnSample.Shown.VALUES));
    }

    private RunOptions page(RunPageFile file) {
        return new RunOptions(anew, retried, observer, Optional.of(file));
    }

    Anew anew() {
        return anew;
    }

    Set<ErrorKind> retried() {
        return retried;
    }

    JobObserver observer() {
        return observer;
    }

    Optional<RunPageFile> page() {
        return page;
    }
}
