package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.RunRecord;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuplicatesTest {
    @TempDir
    private Path folder;

    private Lake lake;

    @BeforeEach
    void open() {
        lake = new Lake(folder);
    }

    @Test
    void columnThatRepeatsNineTimesInTenEmbedsOneTenth() {
        lake.write("items", Lake.spark().range(500).selectExpr("id", Lake.text("id % 50") + " AS text"));
        JobSpec job = lake.job(Lake.PLAIN);
        WorkPlan.Counts counts = lake.plan(job).columns().get(0).counts();
        assertEquals(500, counts.withText());
        assertEquals(50, counts.toEmbed());
        lake.runs(job, 50, 500);
        assertEquals(50, lake.rows("items_embeddings").count());
        assertEquals(
                50, lake.rows("items").select("text", "vector").distinct().count(), "equal texts have equal vectors");
    }

    @Tag("heavy")
    @Test
    void equalTextsOfTwoColumnsAreEmbeddedOnce() {
        lake.sql("CREATE TABLE {items} USING delta AS SELECT id, " + Lake.text("id") + " AS text, "
                + Lake.text("id + 10") + " AS other FROM range(30)");
        RunRecord run = lake.run(
                Lake.PLAIN
                        + "  - {column: vector2, attribute: other, platform: hashing, dimensions: 64, reduce: {method: none}}\n");
        assertEquals(
                List.of(30L, 10L),
                run.columns().stream().map(ColumnRecord::embedded).toList());
        assertEquals(40, lake.rows("items_embeddings").count());
        assertEquals(
                Lake.hashed("word35 stands near number28"),
                lake.vectors("items", "id", "vector2").get(25L));
    }

    @Test
    void equalTextsOfTwoTablesWithOneStoreAreEmbeddedOnce() {
        lake.manyItems(20);
        lake.sql(
                "CREATE TABLE {others} USING delta AS SELECT id AS id, text FROM {items} UNION ALL SELECT 99, 'one more'");
        lake.runs(lake.job(Lake.PLAIN, "target.store=delta.`shared`"), 20, 20);
        lake.runs(lake.job(Lake.PLAIN, "target.store=delta.`shared`", "source.table=delta.`others`"), 1, 21);
        assertEquals(21, lake.rows("shared").count());
    }

    @Tag("heavy")
    @Test
    void differentModelsShareAStoreButNoVectors() {
        lake.items("red apples", "green pears");
        String two = Lake.PLAIN
                + "  - {column: wide, attribute: text, platform: hashing, dimensions: 128, reduce: {method: none}}\n";
        lake.runs(lake.job(two), 4, 2);
        assertEquals(2, lake.number("SELECT count(DISTINCT fingerprint) FROM {items_embeddings}"));
        assertEquals(
                2,
                lake.rows("items")
                        .where("size(vector) = 64 AND size(wide) = 128")
                        .count());
    }
}
