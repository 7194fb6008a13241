package io.embedlake.spark.change;

import io.embedlake.spark.store.Commit;
import io.embedlake.spark.store.DataFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Follows rows through the files of a table, commit by commit. A file is clean when all of its rows are those that an earlier run has seen,
 * else changed. At first all files are clean; what a writer adds is changed; what only moves clean rows, as OPTIMIZE and that run's own
 * commits do, adds clean files. Confined to one thread.
 *
 * <p>A file that only gets more deleted rows stays clean where deleted rows need no attention, as in a table that is its own target.
 */
final class FileHistory {
    private final Predicate<Commit> movesRows;
    private final boolean areDeletionsLookedAt;
    private final long settled;
    private final Map<String, DataFile> changed = new LinkedHashMap<>();
    private final Map<String, DataFile> before = new LinkedHashMap<>();

    private FileHistory(Predicate<Commit> movesRows, boolean areDeletionsLookedAt, long settled) {
        this.movesRows = movesRows;
        this.areDeletionsLookedAt = areDeletionsLookedAt;
        this.settled = settled;
    }

    /** Follows rows whose deletion matters too: those of a source with another target. */
    static ChangedFiles ofSource(List<Commit> commits) {
        return new FileHistory(Commit::keepsRows, true, -1).after(commits);
    }

    /**
     * Follows the rows of a table that is its own target. Files that were replaced before the earlier run's last commit do not say what the
     * run has left in their rows: they are not compared with.
     *
     * @param isOwn whether a commit is the earlier run's
     */
    static ChangedFiles inPlace(List<Commit> commits, Predicate<Commit> isOwn) {
        long settled =
                commits.stream().filter(isOwn).mapToLong(Commit::version).max().orElse(-1);
        return new FileHistory(isOwn.or(Commit::keepsRows), false, settled).after(commits);
    }

    private ChangedFiles after(List<Commit> commits) {
        commits.forEach(this::follow);
        return new ChangedFiles(new ArrayList<>(changed.values()), new ArrayList<>(before.values()));
    }

    private void follow(Commit commit) {
        boolean areAllClean = commit.removed().stream().noneMatch(file -> changed.containsKey(file.path()));
        if (areAllClean && movesRows.test(commit)) {
            return;
        }
        Map<String, DataFile> removed = commit.removed().stream()
                .filter(file -> !changed.containsKey(file.path()))
                .collect(Collectors.toMap(DataFile::path, file -> file, (one, same) -> one));
        commit.removed().forEach(file -> changed.remove(file.path()));
        for (DataFile file : commit.added()) {
            DataFile was = removed.get(file.path());
            boolean hasFewerRows = was != null && file.deleted() >= was.deleted();
            if (hasFewerRows && !areDeletionsLookedAt) {
                removed.remove(file.path());
            } else {
                changed.put(file.path(), file);
            }
        }
        if (commit.version() > settled) {
            removed.forEach(before::putIfAbsent);
        }
    }
}
