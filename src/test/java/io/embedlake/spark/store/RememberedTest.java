package io.embedlake.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.config.TableRef;
import io.embedlake.spark.job.Lake;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RememberedTest {
    @TempDir
    private Path folder;

    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void aTableIsReadAgainWhenItHasChangedAlone() {
        Lake lake = new Lake(folder);
        TableRef table =
                new TableRef.FilePath(TableRef.Format.DELTA, lake.path("items").toString());
        Tables tables = new Tables(Lake.spark());
        lake.items("red apples");
        assertEquals(1, read(tables, table, "one"));
        assertEquals(1, read(tables, table, "one"));
        assertEquals(2, read(tables, table, "another"));
        lake.sql("INSERT INTO {items} VALUES (2, 'green pears')");
        assertEquals(3, read(tables, table, "one"));
        lake.items("blue plums");
        assertEquals(4, read(tables, table, "one"));
        assertEquals(5, read(new Tables(Lake.spark().newSession()), table, "one"), "sessions share nothing");
    }

    private int read(Tables tables, TableRef table, String question) {
        return Remembered.of(tables, table, question, reads::incrementAndGet);
    }
}
