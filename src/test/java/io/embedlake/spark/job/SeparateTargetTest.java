package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeparateTargetTest {
    private static final String MIRROR =
            Lake.PLAIN.replace("embeddings:", "target: {table: delta.`copy`}\nembeddings:");

    @TempDir
    private Path folder;

    private Lake lake;

    @BeforeEach
    void open() {
        lake = new Lake(folder);
    }

    @Tag("heavy")
    @ParameterizedTest
    @ValueSource(strings = {"json", "parquet", "delta"})
    void soItDoesWithFilesOfOtherFormats(String format) {
        makesTheTargetAsACopyOfFilesOfEveryFormat(format);
    }

    @ParameterizedTest
    @ValueSource(strings = "csv")
    void makesTheTargetAsACopyOfFilesOfEveryFormat(String format) {
        lake.items("red apples", "says \"yes, no\"\nand goes on", null);
        DataFrameWriter<Row> writer = lake.rows("items").coalesce(1).write().format(format);
        writer.option("header", "true")
                .option("escape", "\"")
                .save(lake.path("landing").toString());
        String job = MIRROR.replace("table: delta.`items`", "path: landing, format: " + format);

        lake.runs(lake.job(job), 2, 3);

        assertEquals(
                Lake.expected("red apples", "says \"yes, no\"\nand goes on", null)
                        .values()
                        .toString(),
                lake.rows("copy").orderBy("id").select("vector").collectAsList().stream()
                        .map(row -> row.isNullAt(0) ? null : row.getList(0))
                        .toList()
                        .toString());
        assertEquals(List.of("id", "text", "vector"), Lake.columns(lake.rows("copy")));
        assertTrue(lake.exists("copy_embeddings"));
        lake.runs(lake.job(job), 0, 0);
    }

    @Test
    void copyFollowsItsSource() {
        lake.items("red apples", "green pears", "blue plums", "black grapes");
        lake.sql("ALTER TABLE {items} ADD COLUMN stars INT");
        JobSpec job = lake.job(MIRROR);
        lake.runs(job, 4, 4);

        lake.sql("UPDATE {items} SET text = 'yellow lemons' WHERE id = 1");
        lake.sql("UPDATE {items} SET stars = 5 WHERE id = 2");
        lake.sql("DELETE FROM {items} WHERE id = 3");
        lake.sql("INSERT INTO {items} VALUES (5, 'new cherries', 1)");
        lake.runs(job, 2, 4);

        assertEquals(
                lake.rows("items").orderBy("id").collectAsList(),
                lake.rows("copy").drop("vector").orderBy("id").collectAsList());
        Map<Object, List<Float>> vectors =
                Lake.expected("yellow lemons", "green pears", null, "black grapes", "new cherries");
        vectors.remove(3L);
        assertEquals(vectors, lake.vectors("copy", "id", "vector"));
    }

    @Tag("heavy")
    @Test
    void copyFollowsAChangeOfAnotherColumnAlone() {
        lake.items("red apples", "green pears");
        lake.sql("ALTER TABLE {items} ADD COLUMN stars INT");
        JobSpec job = lake.job(MIRROR);
        lake.runs(job, 2, 2);
        lake.sql("UPDATE {items} SET stars = 5 WHERE id = 2");
        lake.runs(job, 0, 1);
        assertEquals(5, lake.number("SELECT stars FROM {copy} WHERE id = 2"));
    }

    @Test
    void copyHoldsTheRowsOfTheConditionOnly() {
        lake.items("red apples", "green pears", "blue plums");
        lake.runs(lake.job(MIRROR, "source.where=id <> 2"), 2, 2);
        assertEquals(
                List.of(1L, 3L),
                List.copyOf(lake.vectors("copy", "id", "vector").keySet()));
    }

    @Test
    void copyCarriesItsProvenance() {
        lake.items("red apples");
        lake.run(lake.job(MIRROR));
        assertEquals("hashing", lake.properties("copy").get("embedlake.vector.platform"));
        assertTrue(lake.rows("copy").schema().apply("vector").metadata().contains("embedlake.fingerprint"));
        assertEquals(List.of("id", "text"), Lake.columns(lake.rows("items")), "the source is left alone");
    }

    @Tag("heavy")
    @Test
    void copyOfACatalogTableIsACatalogTable() {
        lake.items("red apples", "green pears");
        lake.sql("DROP TABLE IF EXISTS fruit");
        lake.sql("DROP TABLE IF EXISTS fruit_vectors");
        lake.sql("CREATE TABLE fruit USING delta AS SELECT * FROM {items}");
        String job = Lake.PLAIN
                .replace("delta.`items`", "fruit")
                .replace("embeddings:", "target: {table: default.fruit_vectors, store: delta.`store`}\nembeddings:");
        lake.runs(lake.job(job), 2, 2);
        lake.runs(lake.job(job), 0, 0);
        assertEquals(2, lake.number("SELECT count(vector) FROM fruit_vectors"));
        lake.sql("DROP TABLE fruit");
        lake.sql("DROP TABLE fruit_vectors");
    }

    @Tag("heavy")
    @Test
    void usersOwnTargetWithAnIdColumnGetsVectorsAndNothingElse() {
        lake.items("red apples", "green pears", "blue plums");
        lake.sql("CREATE TABLE {copy} USING delta AS SELECT id, concat('note ', id) AS note FROM {items} WHERE id < 3");
        JobSpec job = lake.job(MIRROR);
        lake.runs(job, 3, 3);
        assertEquals(List.of("id", "note", "vector"), Lake.columns(lake.rows("copy")));
        assertEquals(Lake.expected("red apples", "green pears", "blue plums"), lake.vectors("copy", "id", "vector"));
        assertEquals("note 1", lake.row("SELECT note FROM {copy} WHERE id = 1").getString(0));
        assertTrue(lake.row("SELECT note FROM {copy} WHERE id = 3").isNullAt(0), "a new row has its id only");

        lake.sql("DELETE FROM {items} WHERE id = 1");
        lake.runs(job, 0, 1);
        Map<Object, List<Float>> expected = Lake.expected(null, "green pears", "blue plums");
        assertEquals(expected, lake.vectors("copy", "id", "vector"));
        assertEquals("note 1", lake.row("SELECT note FROM {copy} WHERE id = 1").getString(0));
        lake.runs(job, 0, 0);
    }

    @Tag("heavy")
    @Test
    void usersOwnColumnsOfTheSameNameAreLeftAlone() {
        lake.items("red apples", "green pears");
        lake.sql("CREATE TABLE {copy} USING delta AS SELECT id, 'my own' AS text FROM {items}");
        lake.runs(lake.job(MIRROR), 2, 2);
        assertEquals(2, lake.rows("copy").where("text = 'my own'").count());
        lake.runs(lake.job(MIRROR), 0, 0);
    }

    @Tag("heavy")
    @Test
    void idOfANarrowerTypeInTheTargetIsTheSameId() {
        lake.items("red apples", "green pears");
        lake.sql("CREATE TABLE {copy} USING delta AS SELECT CAST(1 AS INT) AS id");
        lake.runs(lake.job(MIRROR), 2, 2);
        lake.runs(lake.job(MIRROR), 0, 0);
        assertEquals(
                List.of(Lake.hashed("red apples"), Lake.hashed("green pears")),
                List.copyOf(lake.vectors("copy", "id", "vector").values()));
        assertEquals("int", lake.rows("copy").schema().apply("id").dataType().catalogString());
    }

    @Tag("heavy")
    @Test
    void targetThatIsAnEmptyTableIsFilled() {
        lake.items("red apples", "green pears");
        lake.sql("CREATE TABLE {copy} (id BIGINT, text STRING) USING delta");
        lake.runs(lake.job(MIRROR), 2, 2);
        assertEquals(Lake.expected("red apples", "green pears"), lake.vectors("copy", "id", "vector"));
        assertEquals(
                "red apples", lake.row("SELECT text FROM {copy} WHERE id = 1").getString(0));
    }

    @Tag("heavy")
    @Test
    void targetThatSomebodyEmptiedIsFilledAgainFromTheStore() {
        lake.items("red apples", "green pears");
        lake.runs(lake.job(MIRROR), 2, 2);
        lake.sql("DELETE FROM {copy}");
        lake.runs(lake.job(MIRROR), 0, 2);
        assertEquals(Lake.expected("red apples", "green pears"), lake.vectors("copy", "id", "vector"));
    }

    @Tag("heavy")
    @Test
    void anIdOfSeveralColumnsNamesARowInBothTables() {
        lake.sql("CREATE TABLE {items} USING delta AS SELECT 'a,b' AS shop, 1 AS number, 'red apples' AS text"
                + " UNION ALL SELECT 'a', 1, 'green pears' UNION ALL SELECT 'a', 2, 'blue plums'");
        JobSpec job = lake.job(MIRROR.replace("id: id", "id: [shop, number]"));
        lake.runs(job, 3, 3);
        lake.sql("UPDATE {items} SET text = 'yellow lemons' WHERE shop = 'a' AND number = 1");
        lake.sql("DELETE FROM {items} WHERE number = 2");
        lake.runs(job, 1, 2);
        assertEquals(
                List.of(Lake.hashed("yellow lemons"), Lake.hashed("red apples")),
                lake.rows("copy").orderBy("shop", "number").select("vector").collectAsList().stream()
                        .map(row -> row.<Float>getList(0))
                        .toList());
    }

    @Tag("heavy")
    @Test
    void targetThatAKilledRunHasBegunToMakeIsMade() throws Exception {
        lake.items("red apples", "green pears");
        for (String table : List.of("copy", "copy_embeddings", "copy_embeddings_rejected", "copy_embeddings_runs")) {
            Files.createDirectories(lake.path(table).resolve("_delta_log/_staged_commits"));
        }
        lake.runs(lake.job(MIRROR), 2, 2);
        lake.runs(lake.job(MIRROR), 0, 0);
    }

    @Tag("heavy")
    @Test
    void targetThatAKilledRunHasMadeAndNotFilledIsFilled() {
        lake.items("red apples", "green pears");
        JobSpec job = lake.job(MIRROR);
        lake.run(job);
        lake.sql("RESTORE TABLE {copy} TO VERSION AS OF 0");
        assertEquals(0, lake.number("SELECT count(vector) FROM {copy}"), "readers see the columns and no row");
        lake.runs(job, 0, 2);
        assertEquals(Lake.expected("red apples", "green pears"), lake.vectors("copy", "id", "vector"));
    }

    @Test
    void folderWithOtherFilesIsRefusedAsATarget() throws Exception {
        lake.items("red apples");
        lake.rows("items").write().parquet(lake.path("copy").toString());
        lake.refuses(lake.job(MIRROR), ErrorKind.STORAGE, "Cannot make the table delta.`copy`", "is no Delta table");
    }

    /** A default, a generated value or a length is what the source asks of its writers. */
    @Tag("heavy")
    @Test
    void copyHasTheColumnsOfItsSourceAndNoneOfItsRules() {
        lake.sql(
                "CREATE TABLE {items} (id BIGINT GENERATED ALWAYS AS IDENTITY, text VARCHAR(20) NOT NULL COMMENT 'what it is',"
                        + " twice STRING GENERATED ALWAYS AS (concat(text, text)), stars INT DEFAULT 3) USING delta"
                        + " TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')");
        lake.sql("INSERT INTO {items} (text) VALUES ('red apples')");
        lake.sql("ALTER TABLE {items} ADD CONSTRAINT short CHECK (length(text) < 20)");
        JobSpec job = lake.job(MIRROR);
        lake.runs(job, 1, 1);
        assertEquals(
                lake.rows("items").collectAsList(),
                lake.rows("copy").drop("vector").collectAsList());
        assertEquals(
                "what it is",
                lake.rows("copy").schema().apply("text").getComment().get());
        lake.sql("UPDATE {items} SET text = 'green pears'");
        lake.runs(job, 1, 1);
        assertEquals(
                "green pearsgreen pears", lake.row("SELECT twice FROM {copy}").getString(0));
    }

    @Tag("heavy")
    @Test
    void aColumnOfTheSourceThatIsNamedAsTheVectorColumnIsNotCopied() {
        lake.items("red apples");
        lake.sql("ALTER TABLE {items} ADD COLUMN Vector STRING");
        lake.runs(lake.job(MIRROR), 1, 1);
        assertEquals(List.of("id", "text", "vector"), Lake.columns(lake.rows("copy")));
        lake.runs(lake.job(MIRROR), 0, 0);
    }

    @Tag("heavy")
    @Test
    void copyOfASourceWithoutRowsIsATableWithoutRows() {
        lake.items();
        lake.runs(lake.job(MIRROR), 0, 0);
        assertEquals(List.of("id", "text", "vector"), Lake.columns(lake.rows("copy")));
        assertEquals(0, lake.number("SELECT count(*) FROM {copy}"));
        long version = lake.version("copy");
        lake.runs(lake.job(MIRROR), 0, 0);
        assertEquals(version, lake.version("copy"));
        lake.sql("INSERT INTO {items} VALUES (1, 'red apples')");
        lake.runs(lake.job(MIRROR), 1, 1);
    }
}
