package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.text.Texts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of one job on a source that is its own target, while the table changes between them. */
class RepeatedRunsTest {
    private static final String[] TEXTS = {"red apples", "green pears", null, null, "blue plums"};

    @TempDir
    private static Path folder;

    @TempDir
    private static Path saved;

    private static Lake lake;
    private static JobSpec job;

    @BeforeAll
    static void runOnce() {
        lake = new Lake(folder);
        lake.items(TEXTS);
        job = lake.job(Lake.PLAIN);
        lake.runs(job, 3, 3);
        lake.saveTo(saved);
    }

    /** Every test finds the tables as the first run left them. */
    @BeforeEach
    void goBackToTheFirstRun() {
        lake.restoreFrom(saved);
    }

    @Test
    void makesTheVectorsThatThePlatformMakes() {
        assertEquals(Lake.expected(TEXTS), lake.vectors());
    }

    @Test
    void secondRunEmbedsNothingAndLeavesNoNewVersion() {
        Map<String, Long> before = lake.versions();
        RecordingObserver observer = new RecordingObserver();
        RunRecord second = lake.report(job, observer);
        assertTrue(observer.phases().get(1).startsWith("Nothing has changed"), () -> "" + observer.phases());
        assertEquals(0, Lake.only(second).embedded());
        assertEquals(5, second.rows());
        assertEquals(3, Lake.only(second).alreadyEmbedded());
        assertEquals(0, second.rowsPublished());
        assertEquals(before, lake.versions());
        assertEquals(
                2,
                lake.rows("items_embeddings_runs").where("status = 'succeeded'").count());
    }

    @Tag("heavy")
    @Test
    void runLooksAgainWhenSomebodyChangedTheStoreOrTheJob() {
        lake.sql("DELETE FROM {items_embeddings} WHERE content_hash = '" + Texts.contentHash("red apples") + "'");
        lake.runs(job, 1, 0);
        assertEquals(3, lake.number("SELECT count(*) FROM {items_embeddings}"));
        lake.runs(job, 0, 0);
        lake.runs(lake.job(Lake.PLAIN, "source.where=id > 1"), 0, 1);
        Map<Object, List<Float>> withoutTheFirst = Lake.expected(TEXTS);
        withoutTheFirst.put(1L, null);
        assertEquals(withoutTheFirst, lake.vectors());
    }

    /** Versions count from 0 again in a table that was dropped and made anew, so a number alone says nothing. */
    @Tag("heavy")
    @Test
    void anotherTableOfTheSameNameIsNotTakenForTheOldOne() throws IOException {
        JobSpec copying = lake.job(Lake.PLAIN
                .replace("embeddings:", "target: {table: delta.`copy`}\nembeddings:")
                .replace("column: vector", "column: other"));
        lake.runs(copying, 3, 5);
        FileUtils.deleteDirectory(lake.path("items").toFile());
        lake.sql("CREATE TABLE {items} (id BIGINT, text STRING) USING delta");
        for (int version = 1; version <= 2; version++) {
            lake.sql("INSERT INTO {items} VALUES (" + version + ", 'black grapes')");
        }
        assertEquals(2, lake.version("items"), "as many versions as before");
        lake.runs(copying, 1, 5);
    }

    @Test
    void changeOfAnotherColumnChangesNoVector() {
        lake.sql("ALTER TABLE {items} ADD COLUMN stars INT");
        lake.sql("UPDATE {items} SET stars = id");
        long before = lake.version("items");
        lake.runs(job, 0, 0);
        assertEquals(before, lake.version("items"));
        assertEquals(Lake.expected(TEXTS), lake.vectors());
    }

    @Test
    void vectorsThatSomebodyOverwroteAreRestored() {
        lake.sql("UPDATE {items} SET vector = array(1f) WHERE id = 1");
        lake.sql("UPDATE {items} SET vector = NULL WHERE id = 2");
        lake.runs(job, 0, 2);
        assertEquals(Lake.expected(TEXTS), lake.vectors());
    }

    @Test
    void everyChangeOfARowReachesItsVector() {
        lake.sql("UPDATE {items} SET text = 'yellow lemons' WHERE id = 1"); // another text
        lake.sql("UPDATE {items} SET text = NULL WHERE id = 2"); // none any more
        lake.sql("UPDATE {items} SET text = 'a text at last' WHERE id = 3"); // one at last
        lake.sql("UPDATE {items} SET text = '\\t\\n' WHERE id = 5"); // blank
        lake.sql("INSERT INTO {items} (id, text) VALUES (6, 'new cherries'), (7, 'blue plums'), (8, NULL)");
        lake.runs(job, 3, 6);
        assertEquals(
                Lake.expected("yellow lemons", null, "a text at last", null, null, "new cherries", "blue plums", null),
                lake.vectors());
        assertEquals(6, lake.rows("items_embeddings").count(), "vectors of texts that are gone stay in the store");
    }

    @Test
    void deletedRowsStayDeleted() {
        lake.sql("DELETE FROM {items} WHERE id = 1");
        lake.runs(job, 0, 0);
        assertEquals(4, lake.vectors().size());
    }

    @Tag("heavy")
    @Test
    void rowsThatSwapTheirTextsSwapTheirVectors() {
        lake.sql("UPDATE {items} SET text = IF(id = 1, 'green pears', 'red apples') WHERE id IN (1, 2)");
        lake.runs(job, 0, 2);
        assertEquals(Lake.expected("green pears", "red apples", null, null, "blue plums"), lake.vectors());
    }

    @Test
    void textThatComesBackIsNotEmbeddedAgain() {
        lake.sql("UPDATE {items} SET text = NULL WHERE id = 1");
        lake.runs(job, 0, 1);
        lake.sql("UPDATE {items} SET text = 'red apples' WHERE id = 1");
        lake.runs(job, 0, 1);
        assertEquals(Lake.expected(TEXTS), lake.vectors());
    }

    @Tag("heavy")
    @Test
    void rowThatLeavesTheConditionLosesItsVectorUntilItComesBack() {
        JobSpec few = lake.job(Lake.PLAIN, "source.where=id < 5");
        lake.runs(few, 0, 1);
        assertEquals(Lake.expected("red apples", "green pears", null, null, null), lake.vectors());
        lake.sql("UPDATE {items} SET id = 0 WHERE id = 5");
        lake.runs(few, 0, 1);
        assertEquals(Lake.hashed("blue plums"), lake.vectors().get(0L));
    }

    @Tag("heavy")
    @Test
    void rowWhoseConditionIsNullIsLeftOut() {
        lake.runs(lake.job(Lake.PLAIN, "source.where=text <> 'red apples'"), 0, 1);
        assertEquals(Lake.expected(null, "green pears", null, null, "blue plums"), lake.vectors());
    }

    @Tag("heavy")
    @Test
    void onlyTheFilesOfChangedRowsAreRewritten() {
        lake.sql("INSERT INTO {items} (id, text) VALUES (6, 'new cherries')");
        List<String> before = List.of(lake.rows("items").where("id < 6").inputFiles());
        lake.runs(job, 1, 1);
        List<String> after = List.of(lake.rows("items").inputFiles());
        assertEquals(true, after.containsAll(before), () -> before + " are not all in " + after);
    }

    @Test
    void secondColumnJoinsTheFirst() {
        String two = Lake.PLAIN
                + "  - {column: loud, attribute: \"{text}!\", platform: hashing, dimensions: 64, reduce: {method: none}}\n";
        lake.runs(lake.job(two), 3, 3);
        assertEquals(Lake.expected(TEXTS), lake.vectors());
        assertEquals(
                Lake.expected("red apples!", "green pears!", null, null, "blue plums!"),
                lake.vectors("items", "id", "loud"));
    }

    @Tag("heavy")
    @Test
    void ownPropertiesOfTheTableNameTheLastRunThatChangedIt() {
        String first = lake.properties("items").get("embedlake.vector.run");
        lake.run(job);
        assertEquals(first, lake.properties("items").get("embedlake.vector.run"));
        lake.sql("UPDATE {items} SET text = 'yellow lemons' WHERE id = 1");
        RunRecord third = lake.run(job);
        assertNotEquals(first, third.run().text());
        assertEquals(third.run().text(), lake.properties("items").get("embedlake.vector.run"));
    }
}
