package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spi.ErrorKind;
import io.embedlake.testing.Property;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs look at what has changed since the last one; the tables must be as if they had looked at everything. */
class IncrementalRunsTest {
    private static final String COPIED =
            Lake.PLAIN.replace("embeddings:", "target: {table: delta.`copy`}\nembeddings:");

    @TempDir
    private Path folder;

    private Lake lake;

    @BeforeEach
    void makeTable() {
        lake = new Lake(folder);
        lake.manyItems(60);
    }

    private static void assertLook(String expected, RunRecord run) {
        assertTrue(run.look().startsWith(expected), run.look());
    }

    private void assertVectorsFollowTexts(String table) {
        Map<Object, List<Float>> expected = new TreeMap<>();
        for (Row row : lake.rows("items").select("id", "text").collectAsList()) {
            expected.put(row.get(0), row.isNullAt(1) ? null : Lake.hashed(row.getString(1)));
        }
        assertEquals(expected, lake.vectors(table, "id", "vector"));
    }

    @Test
    void changedRowsAloneAreLookedAt() {
        JobSpec job = lake.job(Lake.PLAIN);
        assertLook("all rows, because no run of the job", lake.run(job));
        lake.sql("UPDATE {items} SET text = 'green pears' WHERE id = 7");
        lake.sql("INSERT INTO {items} (id, text) VALUES (100, 'black grapes'), (101, NULL)");
        RunRecord run = lake.run(job);
        assertLook("rows that changed since version 0 (in 2 files)", run);
        assertEquals(3, run.rows());
        assertEquals(2, run.rowsPublished());
        assertEquals(2, Lake.only(run).embedded());
        assertEquals(60, Lake.only(run).alreadyEmbedded());
        assertEquals(62, Lake.only(run).distinct());
        assertVectorsFollowTexts("items");
        assertLook("rows that changed since version", lake.run(job));
        assertEquals(0, lake.run(job).rowsPublished());
    }

    @Test
    void whatOthersWriteWhileARunPublishesIsTheNextRunsAlone() {
        JobSpec job = lake.job(Lake.PLAIN);
        lake.run(job);
        lake.sql("UPDATE {items} SET text = 'green pears' WHERE id = 7");
        RecordingObserver observer = new RecordingObserver()
                .when("Publishing", () -> lake.sql("INSERT INTO {items} (id, text) VALUES (200, 'old dates')"));
        assertEquals(1, lake.report(job, observer).rowsPublished());
        RunRecord next = lake.run(job);
        assertLook("rows that changed since version", next);
        assertEquals(1, next.rowsPublished());
        assertVectorsFollowTexts("items");
    }

    @Test
    void anIdThatComesTwiceIsFoundInTheRowsThatDidNotChange() {
        JobSpec job = lake.job(Lake.PLAIN);
        lake.run(job);
        lake.sql("INSERT INTO {items} (id, text) VALUES (7, 'green pears')");
        lake.refuses(job, ErrorKind.CONFIGURATION, "the id 7 appears 2 times");
    }

    @Tag("heavy")
    @Test
    void anythingElseLooksAtAllRowsAndSaysWhy() {
        JobSpec job = lake.job(COPIED);
        lake.run(job);
        assertLook("all rows, because the run was asked to", Lake.run(job, Anew.ROWS));
        lake.sql("UPDATE {copy} SET vector = NULL WHERE id = 7");
        assertLook("all rows, because others have written to the target", lake.run(job));
        lake.sql("ALTER TABLE {items} ADD COLUMN stars INT");
        assertLook("all rows, because the columns of the source have changed", lake.run(job));
        lake.sql("UPDATE {items} SET text = 'green pears' WHERE id = 8");
        lake.sql("RESTORE TABLE {items} TO VERSION AS OF 0");
        assertLook("all rows, because the source was restored", lake.run(job));
        lake.sql("DELETE FROM {copy_embeddings} WHERE content_hash < '8'");
        assertLook("all rows, because rows of the store were removed", lake.run(job));
        assertLook(
                "all rows, because source.where does not depend on the row alone",
                twice(lake.job(COPIED, "source.where=id < 1000 AND current_date() > DATE'2020-01-01'")));
        assertLook("all rows, because the job has changed", lake.run(job));
        assertVectorsFollowTexts("copy");
    }

    private RunRecord twice(JobSpec job) {
        lake.run(job);
        return lake.run(job);
    }

    @Tag("heavy")
    @Test
    void filesThatWereVacuumedLeadToALookAtAllRows() {
        JobSpec job = lake.job(COPIED);
        lake.run(job);
        lake.sql("UPDATE {items} SET text = 'green pears' WHERE id = 7");
        lake.sql("ALTER TABLE {items} SET TBLPROPERTIES ('delta.deletedFileRetentionDuration' = 'interval 0 seconds')");
        lake.sql("VACUUM {items}");
        assertLook("all rows, because files of version 0 of the source are gone", lake.run(job));
        assertVectorsFollowTexts("copy");
    }

    /** Where vectors go. */
    enum Target {
        IN_PLACE,
        COPY
    }

    @ParameterizedTest
    @EnumSource
    void tablesAreAsIfAllRowsHadBeenLookedAt(Target target) {
        Property.holds(1, random -> follow(random, target, 5));
    }

    @Tag("heavy")
    @ParameterizedTest
    @EnumSource
    void tablesAreAsIfAllRowsHadBeenLookedAtAfterLongHistories(Target target) {
        Property.holds(6, random -> follow(random, target, 15));
    }

    private void follow(Random random, Target target, int runs) {
        Path place = folder.resolve(UUID.randomUUID().toString());
        assertTrue(place.toFile().mkdir());
        lake = new Lake(place);
        boolean hasVectors = random.nextBoolean();
        boolean isMapped = random.nextBoolean();
        lake.sql("CREATE TABLE {items} (id BIGINT, text STRING, place INT) USING delta"
                + (random.nextBoolean() ? " PARTITIONED BY (place)" : "")
                + " TBLPROPERTIES ('delta.enableDeletionVectors' = '" + hasVectors + "'"
                + (isMapped ? ", 'delta.columnMapping.mode' = 'name'" : "") + ")");
        lake.sql("INSERT INTO {items} (id, text, place) SELECT id, " + Lake.text("id") + ", id % 3 FROM range(40)");
        String table = target == Target.COPY ? "copy" : "items";
        JobSpec job = lake.job(target == Target.COPY ? COPIED : Lake.PLAIN);
        lake.run(job);
        int[] next = {1000};
        for (int run = 0; run < runs; run++) {
            int changes = random.nextInt(4);
            for (int change = 0; change < changes; change++) {
                change(random, next, isMapped);
            }
            lake.run(job);
            assertVectorsFollowTexts(table);
            if (target == Target.COPY) {
                assertEquals(
                        0,
                        lake.number("SELECT count(*) FROM ((SELECT id, text, place FROM {items} EXCEPT SELECT id, text,"
                                + " place FROM {copy}) UNION ALL (SELECT id, text, place FROM {copy} EXCEPT SELECT"
                                + " id, text, place FROM {items}))"));
            }
        }
    }

    private void change(Random random, int[] next, boolean isMapped) {
        int id = random.nextInt(40);
        switch (random.nextInt(12)) {
            case 0 ->
                lake.sql("INSERT INTO {items} (id, text, place) VALUES (" + next[0] + ", 'row " + next[0]++ + "', 1), ("
                        + next[0]++ + ", NULL, 2)");
            case 1 -> lake.sql("UPDATE {items} SET text = concat('again ', text) WHERE id % 7 = " + id % 7);
            case 2 -> lake.sql("UPDATE {items} SET text = 'a text of several rows' WHERE id IN (3, " + id + ")");
            case 3 -> lake.sql("UPDATE {items} SET place = (place + 1) % 3 WHERE id = " + id);
            case 4 -> lake.sql("DELETE FROM {items} WHERE id % 11 = " + id % 11);
            case 5 ->
                lake.sql("MERGE INTO {items} t USING (SELECT " + id + " AS id UNION ALL SELECT " + next[0]++
                        + " AS id) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET text = 'merged'"
                        + " WHEN NOT MATCHED THEN INSERT (id, text, place) VALUES (s.id, 'merged', 0)");
            case 6 -> lake.sql("OPTIMIZE {items}");
            case 7 -> lake.sql("UPDATE {items} SET text = NULL WHERE id = " + id);
            case 8 -> {
                lake.sql("DELETE FROM {items} WHERE id = " + id);
                lake.sql("INSERT INTO {items} (id, text, place) VALUES (" + id + ", 'comes back', 2)");
            }
            case 9 -> lake.sql("ALTER TABLE {items} ADD COLUMN note_" + next[0]++ + " STRING");
            case 10 -> changeNotes(next, isMapped);
            default -> lake.sql("RESTORE TABLE {items} TO VERSION AS OF " + (lake.version("items") - 1));
        }
    }

    /** Gives columns that were added other names, where the table may, and other values. */
    private void changeNotes(int[] next, boolean isMapped) {
        for (String name : lake.rows("items").columns()) {
            if (name.startsWith("note")) {
                lake.sql("UPDATE {items} SET " + name + " = 'seen' WHERE id % 5 = 0");
                if (isMapped) {
                    lake.sql("ALTER TABLE {items} RENAME COLUMN " + name + " TO note_" + next[0]++);
                }
            }
        }
    }
}
