package io.embedlake.spark.change;

import io.embedlake.config.TableRef;
import io.embedlake.spark.store.Commit;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.TableVersion;
import io.embedlake.spark.store.Tables;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What others have done to the tables of a job since a run. Immutable; confined to the driver.
 *
 * @param tables reads the logs
 * @param run the run
 */
public record SourceHistory(Tables tables, RunId run) {
    /** More files than these are read as fast by a look at everything, whose list of files stays off the driver. */
    private static final int MOST_FILES = 20_000;

    /** What a commit's parameters contain when the run made it. */
    public static String mark(RunId run) {
        return "embedlake run " + run.text();
    }

    /**
     * The changed files. Immutable.
     *
     * @param files empty where they are unknown
     * @param unknown why they are, to follow "because"
     */
    public record Found(Optional<ChangedFiles> files, String unknown) {
        private static Found unknown(String reason) {
            return new Found(Optional.empty(), reason);
        }
    }

    /** The files of a source with another target. */
    public Found ofSource(TableRef table, TableVersion from, TableVersion to) {
        return of(table, from, to, FileHistory::ofSource);
    }

    /** The files of a table that is its own target. */
    public Found inPlace(TableRef table, TableVersion from, TableVersion to) {
        return of(table, from, to, commits -> FileHistory.inPlace(commits, this::isOwn));
    }

    private Found of(TableRef table, TableVersion from, TableVersion to, Follow follow) {
        Optional<List<Commit>> commits = commits(table, from, to);
        if (commits.isEmpty()) {
            return Found.unknown("the history of the source since version " + from.number() + " is gone");
        }
        for (Commit commit : commits.get()) {
            if (commit.isRestore()) {
                return Found.unknown("the source was restored to an older version");
            }
            if (!commit.keepsColumns() && !isOwn(commit)) {
                return Found.unknown("the columns of the source have changed");
            }
        }
        ChangedFiles files = follow.through(commits.get());
        return files.now().size() + files.before().size() > MOST_FILES
                ? Found.unknown("more than " + MOST_FILES + " files of the source have changed")
                : new Found(Optional.of(files), "");
    }

    /** Which files hold changes. */
    private interface Follow {
        ChangedFiles through(List<Commit> commits);
    }

    /** Whether nobody but the run has changed the rows or columns of a table. */
    public boolean isUntouched(TableRef table, TableVersion from, TableVersion to) {
        return all(table, from, to, commit -> isOwn(commit) || commit.keepsRows() && commit.keepsColumns());
    }

    /** Whether nobody has removed rows from a table. */
    public boolean isOnlyAppendedTo(TableRef table, TableVersion from, TableVersion to) {
        return all(table, from, to, Commit::keepsOldRows);
    }

    private boolean all(TableRef table, TableVersion from, TableVersion to, Predicate<Commit> condition) {
        return commits(table, from, to)
                .filter(commits -> commits.stream().noneMatch(Commit::isRestore))
                .filter(commits -> commits.stream().allMatch(condition))
                .isPresent();
    }

    private Optional<List<Commit>> commits(TableRef table, TableVersion from, TableVersion to) {
        if (from.equals(to)) {
            return Optional.of(List.of());
        }
        boolean isSameTable = from.table().equals(to.table()) && from.number() < to.number();
        return isSameTable ? tables.commits(table, from.number(), to.number()) : Optional.empty();
    }

    private boolean isOwn(Commit commit) {
        return commit.parameters().contains(mark(run));
    }
}
