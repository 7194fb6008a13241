package io.embedlake.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.TableRef;
import io.embedlake.spark.job.Lake;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableChangeTest {
    @TempDir
    private Path folder;

    @Test
    void filesThatLoseRowsAreReadWithThemBeforeAndWithoutThemAfter() {
        Lake lake = new Lake(folder);
        Lake.spark()
                .range(40)
                .repartition(8)
                .write()
                .format("delta")
                .option("delta.enableDeletionVectors", "true")
                .save(lake.path("items").toString());
        Tables tables = new Tables(Lake.spark());
        TableRef items = TableRef.parse("delta.`" + lake.path("items") + "`");
        TableVersion before = tables.newestVersion(items).orElseThrow();
        lake.sql("DELETE FROM {items} WHERE id = 7");
        TableVersion deleted = tables.newestVersion(items).orElseThrow();
        TableChange change = tables.change(items, before, deleted).orElseThrow();
        Set<Long> left = ids(change.after());
        assertTrue(left.size() < 39, "the other files are in no part");
        assertFalse(left.contains(7L));
        left.add(7L);
        assertEquals(left, ids(change.before()));

        lake.sql("INSERT INTO {items} VALUES (100)");
        TableVersion inserted = tables.newestVersion(items).orElseThrow();
        TableChange insert = tables.change(items, deleted, inserted).orElseThrow();
        assertEquals(Set.of(100L), ids(insert.after()));
        assertEquals(Set.of(), ids(insert.before()));
        lake.sql("RESTORE TABLE {items} TO VERSION AS OF " + before.number());
        TableVersion restored = tables.newestVersion(items).orElseThrow();
        assertEquals(0, tables.change(items, before, restored).orElseThrow().share());
        assertTrue(tables.change(items, restored, before).isEmpty(), "a later version than the newest");
        assertTrue(
                tables.change(items, new TableVersion("another", 0), restored).isEmpty());
    }

    /** As in a thread of a service's pool; Delta asks for the session where it reads a checkpoint, which every tenth commit has. */
    @Test
    void whatHasChangedIsKnownToAThreadThatHasNoSession() throws Exception {
        Lake lake = new Lake(folder);
        Lake.spark()
                .range(3)
                .write()
                .format("delta")
                .option("delta.checkpointInterval", "1")
                .save(lake.path("items").toString());
        Tables tables = new Tables(Lake.spark());
        TableRef items = TableRef.parse("delta.`" + lake.path("items") + "`");
        TableVersion before = tables.newestVersion(items).orElseThrow();
        lake.sql("INSERT INTO {items} VALUES (100)");
        lake.sql("INSERT INTO {items} VALUES (101)");
        DeltaLog.clearCache();
        AtomicReference<Optional<TableChange>> change = new AtomicReference<>(Optional.empty());
        Thread thread = new Thread(() -> {
            SparkSession.clearActiveSession();
            change.set(tables.change(items, before, tables.newestVersion(items).orElseThrow()));
        });
        thread.start();
        thread.join();
        assertEquals(Set.of(100L, 101L), ids(change.get().orElseThrow().after()));
    }

    private static Set<Long> ids(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(row -> row.getLong(0)).collect(Collectors.toSet());
    }
}
