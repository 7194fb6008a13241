package io.embedlake.spark.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.store.Commit;
import io.embedlake.spark.store.DataFile;
import io.embedlake.testing.Property;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which files hold the changed rows, after commits of every kind. */
class FileHistoryTest {
    private static final String OWN = "own";

    private long version;

    private Commit commit(String parameters, boolean isDataChange, List<DataFile> added, List<DataFile> removed) {
        return new Commit(++version, "MERGE", parameters, false, as(isDataChange, added), as(isDataChange, removed));
    }

    private static List<DataFile> as(boolean isDataChange, List<DataFile> files) {
        return files.stream()
                .map(file -> new DataFile(file.path(), file.add(), isDataChange, file.deleted()))
                .toList();
    }

    private Commit written(String added, String removed) {
        return commit("", true, files(added), files(removed));
    }

    private Commit moved(String added, String removed) {
        return commit("", false, files(added), files(removed));
    }

    private Commit merged(String added, String removed) {
        return commit(OWN, true, files(added), files(removed));
    }

    /** Names of files, each with the number of its deleted rows where there are some: {@code "a b:2"}. */
    private static List<DataFile> files(String names) {
        return Stream.of(names.split(" "))
                .filter(name -> !name.isEmpty())
                .map(name -> name.split(":"))
                .map(parts -> new DataFile(parts[0], "", true, parts.length > 1 ? Long.parseLong(parts[1]) : 0))
                .toList();
    }

    private static String names(List<DataFile> files) {
        return String.join(" ", new TreeSet<>(files.stream().map(DataFile::path).toList()));
    }

    private static void assertSource(String now, String before, Commit... commits) {
        ChangedFiles found = FileHistory.ofSource(List.of(commits));
        assertEquals(now + " | " + before, names(found.now()) + " | " + names(found.before()));
    }

    private static void assertInPlace(String now, String before, Commit... commits) {
        ChangedFiles found = FileHistory.inPlace(
                List.of(commits), commit -> commit.parameters().equals(OWN));
        assertEquals(now + " | " + before, names(found.now()) + " | " + names(found.before()));
    }

    @Test
    void appendedFilesAreChanged() {
        assertSource("b c", "", written("b", ""), written("c", ""));
    }

    @Test
    void rewrittenRowsAreComparedWithTheFilesThatTheyWereIn() {
        assertSource("a3", "a", written("a2", "a"), written("a3", "a2"));
    }

    @Test
    void movedRowsAreNotLookedAt() {
        assertSource("", "", moved("ab", "a b"), moved("abc", "ab c"));
    }

    @Test
    void changedRowsAreFollowedWhenTheyAreMoved() {
        assertSource("ab", "b", written("a", ""), moved("ab", "a b"));
        assertSource("ab2", "b", written("a", ""), moved("ab", "a b"), written("ab2", "ab"));
    }

    @Test
    void aFileThatWasOnlyMovedIsWhatItsRowsWere() {
        assertSource("ab2", "ab", moved("ab", "a b"), written("ab2", "ab"));
    }

    @Test
    void deletedRowsMatterWhereTheTargetIsAnotherTable() {
        assertSource("", "a", written("", "a"));
        assertSource("a", "a", written("a:1", "a"));
        assertInPlace("", "a", written("", "a"));
        assertInPlace("", "", written("a:1", "a"), written("a:3", "a:1"));
    }

    @Test
    void rowsThatAreNoLongerDeletedAreLookedAt() {
        assertInPlace("a", "a", written("a:1", "a:2"));
    }

    @Test
    void anUpdateWithDeletionVectorsIsTheNewFileAlone() {
        assertInPlace("b", "", written("a:1 b", "a"));
    }

    @Test
    void theLastRunsOwnMergeMovesRows() {
        assertInPlace("", "", merged("a2", "a"));
        assertInPlace("a3", "a2", merged("a2", "a"), written("a3", "a2"));
    }

    @Test
    void whatOthersWroteBeforeTheLastRunsMergeIsLookedAtAndComparedWithNothing() {
        assertInPlace("a3", "", written("a2", "a"), merged("a3", "a2"));
        assertInPlace("a4", "", written("a2", "a"), merged("a3", "a2"), written("a4", "a3"));
    }

    /** Rows live in files; a model knows which rows are not as they were seen, the history only sees files. */
    @Test
    void everyChangedRowIsInAChangedFile() {
        Property.holds(300, random -> {
            version = 0;
            Model model = new Model(random);
            List<Commit> commits = new ArrayList<>();
            for (int step = 0; step < 12; step++) {
                commits.add(model.step());
            }
            Predicate<Commit> isOwn = commit -> commit.parameters().equals(OWN);
            Set<String> inPlace =
                    new HashSet<>(paths(FileHistory.inPlace(commits, isOwn).now()));
            Set<String> asSource =
                    new HashSet<>(paths(FileHistory.ofSource(commits).now()));
            model.files.forEach((path, rows) -> {
                if (rows.stream().anyMatch(model.changed::contains)) {
                    assertTrue(inPlace.contains(path), path + " in place of " + inPlace);
                    assertTrue(asSource.contains(path), path + " of " + asSource);
                }
            });
            assertTrue(model.files.keySet().containsAll(inPlace), "files that are gone");
        });
    }

    private static List<String> paths(List<DataFile> files) {
        return files.stream().map(DataFile::path).toList();
    }

    /** A table without deletion vectors: inserts, updates, deletes, moves and own merges of whole files. */
    private final class Model {
        private final Random random;
        private final Map<String, Set<Integer>> files = new HashMap<>();
        private final Set<Integer> changed = new HashSet<>();
        private int names;
        private int rows;

        Model(Random random) {
            this.random = random;
            for (int file = 0; file < 4; file++) {
                files.put(name(), new HashSet<>(Arrays.asList(rows++, rows++, rows++)));
            }
        }

        private String name() {
            return "f" + names++;
        }

        Commit step() {
            List<String> some = new ArrayList<>();
            files.keySet().stream().filter(path -> random.nextInt(3) == 0).forEach(some::add);
            int kind = random.nextInt(4);
            if (kind == 0 || some.isEmpty()) {
                String added = name();
                files.put(added, new HashSet<>(Set.of(rows)));
                changed.add(rows++);
                return written(added, "");
            }
            Set<Integer> content = new HashSet<>();
            some.forEach(path -> content.addAll(files.remove(path)));
            if (kind == 1) {
                content.stream().filter(row -> random.nextBoolean()).forEach(changed::add);
            } else if (kind == 2) {
                content.removeIf(row -> random.nextInt(3) == 0);
            }
            String added = name();
            files.put(added, content);
            String removed = String.join(" ", some);
            return kind < 3
                    ? written(added, removed)
                    : random.nextBoolean() ? moved(added, removed) : merged(added, removed);
        }
    }
}
