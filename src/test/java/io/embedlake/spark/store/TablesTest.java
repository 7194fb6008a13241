package io.embedlake.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.TableRef;
import io.embedlake.spark.Lake;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
    @TempDir
    Path folder;

    private Lake lake;
    private Tables tables;
    private TableRef items;

    @BeforeEach
    void open() {
        lake = new Lake(folder);
        tables = new Tables(Lake.spark());
        items = TableRef.parse("delta.`" + lake.path("items") + "`");
    }

    @Test
    void aTableIsKnownToBeEmptyUntilRowsComeAndWhenTheyHaveGone() {
        assertTrue(tables.isKnownEmpty(items), "there is none");
        lake.sql("CREATE TABLE {items} (id BIGINT) USING delta");
        assertTrue(tables.isKnownEmpty(items));
        lake.sql("INSERT INTO {items} VALUES (1)");
        assertFalse(tables.isKnownEmpty(items));
        lake.sql("DELETE FROM {items}");
        assertTrue(tables.isKnownEmpty(items));
    }

    @Test
    void versionAndPropertiesAreTheNewest() {
        lake.sql("CREATE TABLE {items} (id BIGINT) USING delta TBLPROPERTIES ('colour' = 'red')");
        TableVersion first = tables.newestVersion(items).orElseThrow();
        assertEquals(0, first.number());
        lake.sql("ALTER TABLE {items} SET TBLPROPERTIES ('colour' = 'green')");
        assertEquals(
                new TableVersion(first.table(), 1), tables.newestVersion(items).orElseThrow());
        assertEquals("green", tables.properties(items).get("colour"));
    }
}
