package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.run.Progress;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Platforms;
import io.embedlake.text.Texts;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One first run on a table that has everything a table can have; each test looks at another side of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FirstRunTest {
    private static final String JOB =
            """
            job: first-run
            source: {table: delta.`items`, id: id}
            embeddings:
              - {column: text_embedding, attribute: text, platform: hashing}
            """;
    private static final int ROWS = 80;

    private Lake lake;
    private JobSpec job;
    private EmbedderSpec spec;
    private long versionBefore;
    private List<Row> rowsBefore;
    private RunRecord run;
    private final RecordingObserver observer = new RecordingObserver();

    @BeforeAll
    void runOnce(@TempDir Path folder) {
        lake = new Lake(folder);
        lake.sql(
                "CREATE TABLE {items} (id BIGINT NOT NULL, text STRING COMMENT 'what it says', Stars INT, tags ARRAY<STRING>,"
                        + " country STRING) USING delta PARTITIONED BY (country)"
                        + " TBLPROPERTIES ('delta.appendOnly' = 'false', 'team' = \"Ann's team\")");
        lake.sql("ALTER TABLE {items} ADD CONSTRAINT few_stars CHECK (Stars < 6)");
        lake.sql("INSERT INTO {items} SELECT id, CASE WHEN id = 3 THEN NULL WHEN id = 5 THEN ' \t ' ELSE "
                + Lake.text("id")
                + " END, CAST(id % 6 AS INT), array('a', CAST(id AS STRING)), IF(id % 2 = 0, 'de', 'fr') FROM range(1, "
                + (ROWS + 1) + ")");
        rowsBefore = ownRows();
        versionBefore = lake.version("items");
        job = lake.job(JOB);
        spec = Platforms.named("hashing").describe(job.embeddings().get(0).request());
        run = lake.report(job, observer);
    }

    private List<Row> ownRows() {
        return lake.rows("items").drop("text_embedding").orderBy("id").collectAsList();
    }

    @Test
    void addsTheColumnAtTheEndAndKeepsTheOrderOfTheOthers() {
        assertEquals(
                List.of("id", "text", "Stars", "tags", "country", "text_embedding"), Lake.columns(lake.rows("items")));
        assertEquals(
                "array<float>",
                lake.rows("items").schema().apply("text_embedding").dataType().catalogString());
    }

    @Test
    void givesEveryRowWithATextSixtyFourValues() {
        assertEquals(
                ROWS - 2, lake.rows("items").where("size(text_embedding) = 64").count());
        assertEquals(
                List.of(3L, 5L),
                lake.rows("items").where("text_embedding IS NULL").select("id").orderBy("id").collectAsList().stream()
                        .map(row -> row.get(0))
                        .toList());
        assertEquals(
                0,
                lake.rows("items")
                        .where("exists(text_embedding, x -> x IS NULL OR isnan(x))")
                        .count());
    }

    @Test
    void leavesAllOtherColumnsAsTheyWere() {
        assertEquals(rowsBefore, ownRows());
    }

    @Test
    void keepsPartitioningPropertiesConstraintsAndComments() {
        Row detail = lake.row("DESCRIBE DETAIL {items}");
        assertEquals(List.of("country"), detail.getList(detail.fieldIndex("partitionColumns")));
        Map<String, String> properties = lake.properties("items");
        assertEquals("false", properties.get("delta.appendOnly"));
        assertEquals("Ann's team", properties.get("team"));
        assertEquals("Stars < 6", properties.get("delta.constraints.few_stars"));
        StructField text = lake.rows("items").schema().apply("text");
        assertEquals("what it says", text.getComment().get());
        assertEquals(
                List.of(false),
                Arrays.stream(lake.rows("items").schema().fields())
                        .filter(field -> field.name().equals("id"))
                        .map(StructField::nullable)
                        .toList());
    }

    @Test
    void showsReadersAllVectorsInOneCommit() {
        assertEquals(1, lake.history("items").where("operation = 'MERGE'").count());
        assertEquals(
                ROWS - 2,
                lake.number("SELECT count(text_embedding) FROM {items} VERSION AS OF " + (versionBefore + 1)));
    }

    @Test
    void writesItsProvenanceIntoTheColumnsMetadata() {
        Metadata metadata = lake.rows("items").schema().apply("text_embedding").metadata();
        assertEquals("hashing", metadata.getString("embedlake.platform"));
        assertEquals("hashing to 512", metadata.getString("embedlake.model"));
        assertFalse(metadata.getString("embedlake.revision").isEmpty());
        assertEquals(spec.fingerprint().hash(), metadata.getString("embedlake.fingerprint"));
        assertEquals("pca-64 v1", metadata.getString("embedlake.reducer"));
        assertTrue(metadata.getString("comment").contains("pca-64 v1"));
    }

    @Test
    void writesItsProvenanceIntoTheTablesProperties() {
        Map<String, String> properties = lake.properties("items");
        assertEquals("hashing", properties.get("embedlake.text_embedding.platform"));
        assertEquals("hashing to 512", properties.get("embedlake.text_embedding.model"));
        assertNotNull(properties.get("embedlake.text_embedding.revision"));
        assertEquals(spec.fingerprint().hash(), properties.get("embedlake.text_embedding.fingerprint"));
        assertEquals("pca-64 v1", properties.get("embedlake.text_embedding.reducer"));
        assertEquals(run.run().text(), properties.get("embedlake.text_embedding.run"));
    }

    @Test
    void storesEachFullVectorWithWhatIsKnownOfIt() {
        Row row = lake.rows("items_embeddings")
                .where("content_hash = '" + Texts.contentHash("word1 stands near number7") + "'")
                .first();
        assertEquals(spec.fingerprint().hash(), row.getAs("fingerprint"));
        assertEquals(512, row.getList(row.fieldIndex("vector")).size());
        assertEquals(512, row.<Integer>getAs("dimension"));
        assertEquals(4, row.<Integer>getAs("tokens"));
        assertEquals(false, row.getAs("truncated"));
        assertEquals(run.run().text(), row.getAs("run_id"));
        assertNotNull(row.getAs("created_at"));
        assertEquals(ROWS - 2, lake.rows("items_embeddings").count());
        assertEquals(0, lake.rows("items_embeddings_rejected").count());
    }

    @Test
    void logsTheRun() {
        Row row = lake.row("SELECT * FROM {items_embeddings_runs}");
        assertEquals(run.run().text(), row.getAs("run_id"));
        assertEquals("first-run", row.getAs("job"));
        assertEquals("succeeded", row.getAs("status"));
        assertEquals(job.source().table().sql(), row.getAs("source"));
        assertEquals(job.target().table().sql(), row.getAs("target"));
        assertEquals(
                lake.version("items"),
                row.<String, Row>getJavaMap(row.fieldIndex("tables"))
                        .get("target")
                        .getLong(1));
        assertEquals(ROWS, row.<Long>getAs("rows"));
        assertEquals(ROWS - 2, row.<Long>getAs("rows_published"));
        assertTrue(row.isNullAt(row.fieldIndex("error")));
        assertEquals(
                "hashing",
                row.<String, String>getJavaMap(row.fieldIndex("spec")).get("embeddings[0].platform"));
        assertTrue(row.<String, String>getJavaMap(row.fieldIndex("versions")).containsKey("spark"));
    }

    @Test
    void logsWhatItDidForTheColumn() {
        Row column = lake.row("SELECT inline(columns) FROM {items_embeddings_runs}");
        assertEquals("text_embedding", column.getAs("column"));
        assertEquals("hashing to 512", column.getAs("model"));
        assertEquals(spec.fingerprint().hash(), column.getAs("fingerprint"));
        assertEquals("pca-64 v1", column.getAs("reducer"));
        assertEquals(2L, column.<Long>getAs("blank"));
        assertEquals(ROWS - 2, column.<Long>getAs("distinct_texts"));
        assertEquals(0L, column.<Long>getAs("already_embedded"));
        assertEquals(ROWS - 2, column.<Long>getAs("embedded"));
        assertEquals(0L, column.<Long>getAs("rejected"));
        assertEquals(0L, column.<Long>getAs("truncated"));
        assertEquals(4L * (ROWS - 2), column.<Long>getAs("tokens"));
        double kept = column.<Double>getAs("variance_kept");
        assertTrue(kept > 0.5 && kept <= 1.0001, () -> "keeps " + kept);
    }

    @Test
    void tellsItsObserverThePlanThePhasesAndTheEnd() {
        WorkPlan.ColumnPlan plan = observer.plans().get(0).columns().get(0);
        assertEquals(ROWS - 2, plan.counts().toEmbed());
        assertEquals(1, plan.waves());
        assertEquals(
                List.of("Reading", "Loading", "Embedding", "Fitting", "Publishing", "Logging"),
                observer.phases().stream().map(phase -> phase.split(" ")[0]).toList());
        Progress last = observer.progress().get(observer.progress().size() - 1);
        assertEquals(ROWS - 2, last.texts());
        assertEquals(ROWS - 2, last.total());
        assertEquals(4L * (ROWS - 2), last.tokens());
    }
}
