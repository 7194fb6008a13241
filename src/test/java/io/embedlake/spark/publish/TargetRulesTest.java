package io.embedlake.spark.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.embedlake.config.JobSpec;
import io.embedlake.spark.job.Lake;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Delta Lake refuses is refused before a text is embedded where it can be known, and in one sentence where it cannot. */
class TargetRulesTest {
    private static final String INTO = Lake.PLAIN.replace("embeddings:", "target: {table: delta.`copy`}\nembeddings:");

    @TempDir
    private Path folder;

    private Lake lake;

    @BeforeEach
    void open() {
        lake = new Lake(folder);
        lake.items("red apples", "green pears");
    }

    /** The job and {@code doctor} say the same. */
    private void refuses(JobSpec job, String... parts) {
        EmbedlakeException refusal = lake.refuses(job, ErrorKind.STORAGE, parts);
        EmbedlakeException known =
                Lake.refused(ErrorKind.STORAGE, () -> TargetRules.require(new Tables(Lake.spark()), job), parts);
        assertEquals(refusal.getMessage(), known.getMessage());
    }

    private long stored() {
        return lake.number("SELECT count(*) FROM {copy_embeddings}");
    }

    @Test
    void vectorsAreNotWrittenIntoATableThatTakesNewRowsOnly() {
        lake.sql("ALTER TABLE {items} SET TBLPROPERTIES ('delta.appendOnly' = 'true')");
        refuses(lake.job(Lake.PLAIN), "takes new rows only", "delta.appendOnly", "target.table");
        lake.runs(lake.job(INTO), 2, 2);
    }

    @Tag("heavy")
    @Test
    void aSeparateTableThatTakesNewRowsOnlyGetsThemAndNoChange() {
        lake.sql("CREATE TABLE {copy} (id BIGINT) USING delta TBLPROPERTIES ('delta.appendOnly' = 'true')");
        lake.runs(lake.job(INTO), 2, 2);
        lake.sql("UPDATE {items} SET text = 'blue plums' WHERE id = 1");
        Lake.refused(
                ErrorKind.STORAGE,
                () -> lake.run(lake.job(INTO)),
                "Cannot publish to the table delta.`copy`",
                "appendOnly",
                "in the store");
        assertEquals(3, stored());
    }

    @Test
    void aNewRowThatBreaksAConstraintIsRefused() {
        lake.sql("CREATE TABLE {copy} (id BIGINT, text STRING) USING delta");
        lake.sql("INSERT INTO {copy} VALUES (1, 'old')");
        lake.sql("ALTER TABLE {copy} ADD CONSTRAINT c1 CHECK (length(text) < 11)");
        refuses(
                lake.job(INTO),
                "Cannot write 1 row of the source to delta.`copy`",
                "constraint c1 is length",
                "source.where");
        lake.runs(lake.job(INTO, "source.where=id = 1"), 1, 1);
    }

    @Tag("heavy")
    @Test
    void aConstraintOnAColumnThatTheSourceLacksIsBrokenByNewRowsOnly() {
        lake.sql("CREATE TABLE {copy} (id BIGINT, stars INT) USING delta");
        lake.sql("INSERT INTO {copy} VALUES (1, 5)");
        lake.sql("ALTER TABLE {copy} ADD CONSTRAINT c1 CHECK (stars > 0)");
        refuses(lake.job(INTO), "Cannot write 1 row", "stars > 0");
        lake.sql("INSERT INTO {copy} VALUES (2, 5)");
        lake.runs(lake.job(INTO), 2, 2);
    }

    @Test
    void aColumnThatIsNeverNullIsRefusedWhereTheSourceLacksIt() {
        lake.sql("CREATE TABLE {copy} (id BIGINT, stars INT NOT NULL) USING delta");
        refuses(lake.job(INTO), "Cannot write 2 rows", "stars is NOT NULL, and the source has no such column");
        lake.sql("INSERT INTO {copy} VALUES (1, 5), (2, 4)");
        lake.runs(lake.job(INTO), 2, 2);
    }

    @Tag("heavy")
    @Test
    void aColumnWithADefaultOrAComputedOneIsLeftToTheTable() {
        lake.sql(
                "CREATE TABLE {copy} (id BIGINT, next BIGINT GENERATED ALWAYS AS (id + 1), stars INT NOT NULL DEFAULT 3)"
                        + " USING delta TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')");
        lake.sql("ALTER TABLE {copy} ADD CONSTRAINT c1 CHECK (next > 0)");
        lake.runs(lake.job(INTO), 2, 2);
        assertEquals(2, lake.number("SELECT count(*) FROM {copy} WHERE next = id + 1 AND stars = 3"));
    }

    @Test
    void idsThatTheTargetMakesAreRefused() {
        lake.sql("CREATE TABLE {copy} (id BIGINT GENERATED ALWAYS AS IDENTITY, note STRING) USING delta");
        refuses(lake.job(INTO), "Cannot write the source's column id", "GENERATED ALWAYS AS IDENTITY", "BY DEFAULT");
    }

    @Tag("heavy")
    @Test
    void aMirrorMayGetAConstraint() {
        lake.runs(lake.job(INTO), 2, 2);
        lake.sql("ALTER TABLE {copy} ADD CONSTRAINT c1 CHECK (length(text) < 15)");
        lake.sql("UPDATE {items} SET text = 'yellow lemons from Sicily' WHERE id = 1");
        refuses(lake.job(INTO), "Cannot write 1 row", "c1");
        lake.sql("UPDATE {items} SET text = 'lemons' WHERE id = 1");
        lake.runs(lake.job(INTO), 1, 1);
    }

    /** No value of a row is in the message. */
    @Tag("heavy")
    @Test
    void aConstraintOnVectorsIsSeenWhenTheyArePublishedAndAllAreKept() {
        lake.sql("UPDATE {items} SET text = 'green' WHERE id = 2");
        lake.runs(lake.job(INTO), 2, 2);
        lake.sql(
                "ALTER TABLE {copy} ADD CONSTRAINT same CHECK (vector[0] = vector[1] OR size(vector) = 64 AND id < 3)");
        lake.sql("INSERT INTO {items} VALUES (3, 'secret plums')");
        EmbedlakeException refusal = Lake.refused(
                ErrorKind.STORAGE,
                () -> lake.run(lake.job(INTO)),
                "Cannot publish to the table delta.`copy` (a row breaks its constraint same",
                "Every vector is in the store");
        assertFalse(refusal.getMessage().contains("plums"), refusal.getMessage());
        assertEquals(3, stored());
    }

    @Tag("heavy")
    @Test
    void aTextThatIsLongerThanItsColumnIsNotInTheMessage() {
        lake.sql("CREATE TABLE {copy} (id BIGINT, text VARCHAR(10)) USING delta");
        EmbedlakeException refusal = Lake.refused(
                ErrorKind.STORAGE,
                () -> lake.run(lake.job(INTO)),
                "Cannot publish to the table delta.`copy`",
                "longer than the type of its column");
        assertFalse(refusal.getMessage().contains("pears"), refusal.getMessage());
    }

    @Test
    void aTableOfAnUnknownFeatureIsRefused() throws IOException {
        protocol("{\"minReaderVersion\":1,\"minWriterVersion\":7,\"writerFeatures\":[\"ofTheFuture\"]}");
        refuses(lake.job(Lake.PLAIN), "Cannot write the table delta.`items`", "ofTheFuture");
        lake.runs(lake.job(INTO), 2, 2);
    }

    @Test
    void aSourceOfAnUnknownFeatureIsRefused() throws IOException {
        protocol("{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"ofTheFuture\"],"
                + "\"writerFeatures\":[\"ofTheFuture\"]}");
        lake.refuses(lake.job(INTO), ErrorKind.STORAGE, "Cannot read the table delta.`items`", "ofTheFuture");
    }

    private void protocol(String json) throws IOException {
        Path log = lake.path("items").resolve("_delta_log");
        Files.writeString(
                log.resolve("%020d.json".formatted(lake.version("items") + 1)), "{\"protocol\":" + json + "}\n");
    }

    @Tag("heavy")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'delta.columnMapping.mode' = 'name'",
                "'delta.columnMapping.mode' = 'id'",
                "'delta.enableDeletionVectors' = 'true', 'delta.enableChangeDataFeed' = 'true'",
                "'delta.enableRowTracking' = 'true', 'delta.checkpointPolicy' = 'v2'",
                "'delta.enableInCommitTimestamps' = 'true', 'delta.enableTypeWidening' = 'true'"
            })
    void tablesOfTheseFeaturesAreWritten(String properties) {
        lake.sql("CREATE TABLE {other} (id BIGINT, text STRING) USING delta TBLPROPERTIES (" + properties + ")");
        lake.sql("INSERT INTO {other} SELECT * FROM {items}");
        JobSpec job = lake.job(Lake.PLAIN.replace("`items`", "`other`"));
        lake.runs(job, 2, 2);
        lake.sql("UPDATE {other} SET text = 'blue plums' WHERE id = 1");
        lake.runs(job, 1, 1);
        assertEquals(Lake.expected("blue plums", "green pears"), lake.vectors("other", "id", "vector"));
    }

    @Test
    void aViewAndATableOfAnotherFormatAreNoTargets() {
        lake.sql("CREATE OR REPLACE TEMPORARY VIEW some_fruit AS SELECT * FROM {items}");
        lake.refuses(
                lake.job(Lake.PLAIN.replace("delta.`items`", "some_fruit"), "target.store=delta.`store`"),
                ErrorKind.STORAGE,
                "some_fruit",
                "Name a Delta table");
        lake.sql("DROP TABLE IF EXISTS parquet_fruit");
        lake.sql("CREATE TABLE parquet_fruit USING parquet AS SELECT * FROM {items}");
        lake.refuses(
                lake.job(Lake.PLAIN.replace("delta.`items`", "parquet_fruit"), "target.store=delta.`store`"),
                ErrorKind.STORAGE,
                "parquet_fruit",
                "Name a Delta table");
        lake.sql("DROP TABLE parquet_fruit");
    }
}
