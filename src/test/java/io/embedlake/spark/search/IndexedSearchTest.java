package io.embedlake.spark.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.spark.job.Lake;
import io.embedlake.spi.Input;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexedSearchTest {
    private static final int ROWS = 600;
    private static final String INDEXED = Lake.PLAIN.replace("{method: none}}", "{method: none}, index: {lists: 24}}");

    @TempDir
    private Path folder;

    private Lake lake;

    @BeforeEach
    void openLake() {
        lake = new Lake(folder);
    }

    /** In several files, so that changes concern a part of the table. */
    private void items() {
        Lake.spark()
                .range(1, ROWS + 1)
                .selectExpr("id", Lake.text("id") + " AS text")
                .repartition(12)
                .write()
                .format("delta")
                .save(lake.path("items").toString());
    }

    @Test
    void readsAPartOfTheColumnAndFollowsItsChanges() {
        items();
        JobSpec job = lake.job(INDEXED);
        lake.run(job);
        ColumnSearch search = new ColumnSearch(Lake.spark(), job);
        ColumnSearch.Found found = search(search, text(17), 3, Optional.empty());
        assertTrue(found.how().startsWith("The index read "), found.how());
        assertEquals(17, ids(found).get(0));
        assertEquals(
                List.of("score", "id", "text"), List.of(found.rows().schema().fieldNames()));
        assertEquals(1, found.rows().first().getDouble(0), 1e-6);
        assertShareFound(search, 0.6);
        assertConditionsKeepTheRecall(search);
        assertEquals(ROWS, ids(search(search, text(1), 5000, Optional.empty())).size());

        lake.sql("INSERT INTO {items} SELECT 1001, text, vector FROM {items} WHERE id = 18");
        ColumnSearch.Found added = search(search, text(18), 2, Optional.empty());
        assertTrue(added.how().contains("all rows that have changed since"), added.how());
        assertEquals(List.of(18L, 1001L), ids(added));
        lake.sql("DELETE FROM {items} WHERE id = 1001");
        assertFalse(ids(search(search, text(18), 2, Optional.empty())).contains(1001L));

        lake.sql("UPDATE {items} SET text = 'quite another thing' WHERE id = 5");
        lake.sql("DELETE FROM {items} WHERE id = 17");
        ColumnSearch.Found since = search(search, text(17), 3, Optional.empty());
        assertFalse(ids(since).contains(17L), "a row that is gone was shown");
        lake.run(job);
        assertEquals(
                5,
                ids(search(search, "quite another thing", 1, Optional.empty())).get(0));
        ColumnSearch.Found after = search(search, text(17), 3, Optional.empty());
        assertTrue(after.how().startsWith("The index read "), after.how());
        assertFalse(ids(after).contains(17L));
        assertEquals(ROWS - 1, lake.rows(entries()).count());
        assertIndexesOfOtherVectorsAreNotUsed(job, search);
    }

    private static void assertConditionsKeepTheRecall(ColumnSearch search) {
        ColumnSearch.Found half = search(search, text(40), 2, Optional.of("id % 2 = 0"));
        assertTrue(half.how().startsWith("The index read "), half.how());
        assertEquals(40, ids(half).get(0));
        assertTrue(ids(half).stream().allMatch(id -> id % 2 == 0));
        ColumnSearch.Found few = search(search, text(40), 3, Optional.of("id IN (7, 8)"));
        assertTrue(few.how().startsWith("The whole column was searched: "), few.how());
        assertEquals(Set.of(7L, 8L), new HashSet<>(ids(few)));
    }

    @Test
    void equalVectorsAreFoundAsWithoutAnIndex() {
        lake.items(Stream.generate(() -> "the same text").limit(50).toArray(String[]::new));
        JobSpec job = lake.job(INDEXED);
        lake.run(job);
        ColumnSearch search = new ColumnSearch(Lake.spark(), job);
        assertEquals(List.of(1L, 2L, 3L), ids(search(search, "the same text", 3, Optional.empty())));
    }

    private void assertIndexesOfOtherVectorsAreNotUsed(JobSpec job, ColumnSearch search) {
        String entries = entries();
        lake.sql("ALTER TABLE {" + entries + "} SET TBLPROPERTIES ('embedlake.index.reducer' = 'pca-64 v1')");
        assertWhole(search, "another model or reduction");
        lake.sql("ALTER TABLE {" + entries
                + "} SET TBLPROPERTIES ('embedlake.index.reducer' = 'none', 'embedlake.index.entries' = 'x')");
        assertWhole(search, "never finished");
        lake.sql("ALTER TABLE {" + entries + "} SET TBLPROPERTIES ('embedlake.index.entries' = '0')");
        delete(lake.path("items_embeddings_index"));
        assertWhole(search, "cells of its index are missing");
        lake.run(job);
        assertTrue(search(search, text(18), 1, Optional.empty()).how().startsWith("The index read "));
        try (Stream<Path> files = Files.list(lake.path(entries))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".parquet")).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertWhole(search, "cannot be read");
    }

    private static void delete(Path folder) {
        try {
            FileUtils.deleteDirectory(folder.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertWhole(ColumnSearch search, String why) {
        ColumnSearch.Found found = search(search, text(18), 1, Optional.empty());
        assertTrue(
                found.how().startsWith("The whole column was searched: ")
                        && found.how().contains(why),
                found.how());
        assertEquals(List.of(18L), ids(found));
    }

    private static void assertShareFound(ColumnSearch search, double least) {
        int found = 0;
        for (int id = 1; id <= 4; id++) {
            Set<Long> exact =
                    new HashSet<>(ids(search.nearest(Input.of(text(id)), 3, Optional.empty(), Optional.empty(), 1)));
            exact.retainAll(ids(search(search, text(id), 3, Optional.empty())));
            found += exact.size();
        }
        assertTrue(found >= least * 12, found + " of 12");
    }

    private static ColumnSearch.Found search(ColumnSearch search, String query, int k, Optional<String> where) {
        return search.nearest(Input.of(query), k, Optional.empty(), where, 0.6);
    }

    private static List<Long> ids(ColumnSearch.Found found) {
        return found.rows().collectAsList().stream()
                .map(row -> row.<Long>getAs("id"))
                .collect(Collectors.toList());
    }

    private static String text(int id) {
        return "word" + id + " stands near number" + id * 7 % 31;
    }

    private String entries() {
        try (Stream<Path> tables = Files.list(folder)) {
            return tables.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("items_embeddings_index_"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
