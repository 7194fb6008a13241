package io.embedlake.spark.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.job.Lake;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptRowsTest {
    @TempDir
    Path folder;

    @Test
    void rowsStayAsTheyWereComputedThoughTheirTableChanges() {
        Lake lake = new Lake(folder);
        lake.items("red apples", null, "blue plums");
        Dataset<Row> computed =
                lake.rows("items").selectExpr("id", "text", "array(id, id + 1) AS numbers", "rand() AS any");
        try (KeptRows kept = KeptRows.of(computed)) {
            assertEquals(3, kept.count());
            var first = kept.rows().orderBy("id").collectAsList();
            lake.sql("DELETE FROM {items} WHERE id = 1");
            assertEquals(first, kept.rows().orderBy("id").collectAsList());
            assertEquals(computed.schema(), kept.rows().schema());
            assertEquals("[1, 2]", first.get(0).getList(2).toString());
            assertTrue(first.get(1).isNullAt(1));
        }
    }

    @Test
    void thereMayBeNone() {
        try (KeptRows kept = KeptRows.of(Lake.spark().range(10).where("id > 10").toDF())) {
            assertEquals(0, kept.count());
            assertTrue(kept.rows().isEmpty());
        }
    }

    @Test
    void whereSparkIsBuiltInAnotherWayItsCacheKeepsThem() {
        Dataset<Row> computed = Lake.spark().range(3).toDF();
        try (KeptRows kept = KeptRows.inCache(computed)) {
            assertEquals(3, kept.count());
            assertEquals(3, kept.rows().collectAsList().size());
            assertTrue(computed.storageLevel().useMemory());
        }
        assertFalse(computed.storageLevel().useMemory());
    }

    /** The planner takes them for as large as they are: few rows are sent to each part of a large table. */
    @Test
    void fewRowsAreBroadcast() {
        Dataset<Row> large = Lake.spark().range(100_000_000).toDF();
        Dataset<Row> wide = large.selectExpr("id", "repeat('x', 1000) AS text");
        try (KeptRows few = KeptRows.of(wide.limit(5));
                KeptRows many = KeptRows.of(wide.limit(12_000))) {
            assertTrue(plan(few.rows().join(large, "id")).contains("BroadcastHashJoin"));
            assertTrue(plan(many.rows().join(large, "id")).contains("SortMergeJoin"));
        }
    }

    private static String plan(Dataset<Row> rows) {
        return ((org.apache.spark.sql.classic.Dataset<Row>) rows)
                .queryExecution()
                .executedPlan()
                .toString();
    }
}
