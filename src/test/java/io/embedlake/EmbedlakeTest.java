package io.embedlake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.evaluate.Evaluation;
import io.embedlake.spark.job.Lake;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedlakeTest {
    private static final Attribute TEXT = Attribute.of("text");
    private static final Model HASHING = Model.hashing().dimensions(64);
    private static final StructType TEXTS = StructType.fromDDL("id BIGINT, text STRING");

    @TempDir
    Path folder;

    private Lake lake;
    private Embedlake embedlake;

    @BeforeEach
    void open() {
        lake = new Lake(folder);
        embedlake = Embedlake.on(Lake.spark());
    }

    private String table(String name) {
        return "delta.`" + lake.path(name) + "`";
    }

    private EmbedJob hashing(Reduction reduction) {
        return embedlake
                .job("test")
                .source(table("items"), "id")
                .column("vector", TEXT, HASHING, reduction)
                .build();
    }

    @Test
    void aFewLinesEmbedATableAndSearchIt() {
        lake.items(
                "the parcel came three weeks late",
                "a delicious soup",
                "the cat sleeps in the sun",
                "bright colours and soft wool",
                "the engine starts at once",
                "");
        RunReport report = embedlake
                .job("reviews")
                .source(table("items"), "id")
                .column("text_embedding", TEXT, Model.huggingFace(Model.embedded()), Reduction.pca(4))
                .build()
                .run();
        assertEquals(5, report.columns().get(0).embedded());
        assertEquals(6, report.rows());
        assertFalse(report.tooManyRejected());
        Row best = embedlake
                .search(table("items"), "text_embedding")
                .query("late delivery")
                .k(2)
                .where("id < 5")
                .rows()
                .first();
        assertEquals(1L, best.<Long>getAs("id"));
    }

    @Test
    void aJobInCodeAndItsFileArePlannedAndRunAlike() {
        lake.manyItems(80);
        JobFile file = JobFile.parse(
                """
                job: test
                source: {table: "%s", id: id}
                embeddings:
                  - {column: vector, attribute: text, platform: hashing, dimensions: 64, reduce: {method: pca, dimensions: 4}}
                """
                        .formatted(table("items")));
        EmbedJob read = embedlake.job(file);
        EmbedJob built = hashing(Reduction.pca(4));
        assertEquals(read.describe(), built.describe());
        WorkPlan plan = read.plan();
        assertEquals(plan, built.plan());
        assertEquals(80, plan.columns().get(0).counts().toEmbed());
        RunReport first = built.run();
        assertEquals(plan.columns().get(0).fingerprint(), first.columns().get(0).fingerprint());
        assertEquals(80, first.rowsPublished());
        List<String> phases = Collections.synchronizedList(new ArrayList<>());
        RunReport second = read.run(RunOptions.defaults().observer(new JobObserver() {
            @Override
            public void phase(String what) {
                phases.add(what);
            }
        }));
        assertTrue(phases.contains("Nothing has changed since the run " + first.run()), phases.toString());
        ColumnRecord done = first.columns().get(0);
        assertEquals(done.repeated(), second.columns().get(0));
    }

    @Test
    void optionsRefitAndReplay() {
        lake.manyItems(80);
        EmbedJob job = hashing(Reduction.pca(4));
        assertEquals("pca-4 v1", job.run().columns().get(0).reduction().name());
        assertEquals(
                "pca-4 v2",
                job.run(RunOptions.defaults().refit())
                        .columns()
                        .get(0)
                        .reduction()
                        .name());
        assertEquals(0, job.replay(ErrorKind.TRANSIENT, ErrorKind.INVALID_INPUT).rowsPublished());
        Evaluation evaluation = job.evaluate(EvaluateOptions.defaults().rows(60));
        assertEquals(
                Reduction.of(evaluation.chosen().reduce()),
                Reduction.of(evaluation.chosen().reduce()));
        assertTrue(evaluation.rows() <= 60);
    }

    // ---- search

    @Tag("heavy")
    @Test
    void aColumnIsSearchedByWhatItsTableKnows() {
        lake.manyItems(80);
        EmbedJob job = embedlake
                .job("test")
                .source(table("items"), "id")
                .store(table("elsewhere"))
                .column("vector", TEXT, HASHING, Reduction.pca(8).int8().keepFull())
                .build();
        job.run();
        assertEquals(table("elsewhere"), lake.properties("items").get("embedlake.vector.store"));
        String query = lake.row("SELECT text FROM {items} WHERE id = 17").getString(0);
        List<Row> found = embedlake
                .search(table("items"), "VECTOR")
                .query(query)
                .k(3)
                .where("id < 40")
                .rows()
                .collectAsList();
        assertEquals(17L, found.get(0).<Long>getAs("id"));
        assertEquals(
                job.search("vector").query(query).k(3).where("id < 40").rows().collectAsList(), found);
    }

    @Test
    void searchesSayWhatIsWrong() {
        lake.manyItems(80);
        VectorSearch search = embedlake.search(table("items"), "vector").query("x");
        Lake.refused(ErrorKind.CONFIGURATION, search::rows, "has no vector column vector");
        hashing(Reduction.none()).run();
        assertEquals(10, search.rows().count());
        Lake.refused(ErrorKind.CONFIGURATION, () -> search.query(" ").rows(), "the query is blank");
        Lake.refused(ErrorKind.CONFIGURATION, () -> search.k(0).rows(), "k is 0");
        Lake.refused(ErrorKind.CONFIGURATION, () -> search.where("nonsense").rows(), "the condition nonsense");
        Lake.refused(ErrorKind.CONFIGURATION, () -> embedlake.search("a.b.c.d", "vector"), "a.b.c.d");
        lake.sql("DELETE FROM {items_embeddings_runs}");
        Lake.refused(ErrorKind.CONFIGURATION, search::rows, "does not say how it was made");
    }

    @Test
    void aTableDoesNotDecideWhereQueriesAreSent() {
        lake.manyItems(80);
        EmbedJob job = hashing(Reduction.none());
        job.run();
        lake.sql("UPDATE {items_embeddings_runs} SET spec = map_concat(map_filter(spec, (k, v) -> k NOT IN"
                + " ('embeddings[0].platform')), map('embeddings[0].platform', 'openai', 'embeddings[0].model', 'm',"
                + " 'embeddings[0].endpoint', 'https://elsewhere.example', 'embeddings[0].api-key', 'env:SECRET'))");
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> embedlake.search(table("items"), "vector").query("x").rows(),
                "would be sent to elsewhere.example",
                "allowedHosts");
    }

    // ---- data sets

    private Dataset<Row> texts(String... texts) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            rows.add(RowFactory.create((long) i, texts[i]));
        }
        return Lake.spark().createDataFrame(rows, TEXTS).repartition(2);
    }

    @Test
    void aDataSetGetsAVectorForEachText() {
        List<Row> rows = embedlake
                .embed(texts("one text", null, " ", "another text", "one text"), "Text", "vector", HASHING)
                .orderBy("id")
                .collectAsList();
        assertEquals(5, rows.size());
        assertEquals(
                "[id, text, vector]", List.of(rows.get(0).schema().fieldNames()).toString());
        assertEquals(Lake.hashed("one text"), List.copyOf(rows.get(0).<Float>getList(2)));
        assertNull(rows.get(1).get(2));
        assertNull(rows.get(2).get(2));
        assertEquals(Lake.hashed("another text"), List.copyOf(rows.get(3).<Float>getList(2)));
        assertEquals(rows.get(0).getList(2), rows.get(4).getList(2));
    }

    @Test
    void aTextThatCanNeverBeEmbeddedHasNoVector() {
        Model strict = Model.huggingFace(Model.embedded())
                .maxTokens(8)
                .longText(Model.LongText.ERROR)
                .precision(Model.Precision.FP32);
        List<Row> rows = embedlake
                .embed(
                        texts("a text", "a text of many more words than the eight that it may have"),
                        "text",
                        "v",
                        strict)
                .orderBy("id")
                .collectAsList();
        assertEquals(384, rows.get(0).getList(2).size());
        assertTrue(rows.get(1).isNullAt(2));
    }

    @Test
    void dataSetsSayWhatDoesNotFit() {
        Dataset<Row> rows = texts("a text");
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> embedlake.embed(rows, "body", "vector", HASHING),
                "the data set has no such column");
        Lake.refused(ErrorKind.CONFIGURATION, () -> embedlake.embed(rows, "id", "vector", HASHING), "of type BIGINT");
        Lake.refused(ErrorKind.CONFIGURATION, () -> embedlake.embed(rows, "text", "ID", HASHING), "one of this name");
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> embedlake.embed(rows, "text", "vector", Model.tfIdf()),
                "is fitted on a column");
        EmbedlakeException problem = assertThrows(
                EmbedlakeException.class,
                () -> embedlake.embed(rows, "text", "vector", Model.openai("text-embedding-3-small")));
        assertTrue(
                problem.getMessage().contains("terms-accepted.provider: does not name openai"), problem.getMessage());
    }

    // ---- jobs beside each other

    @Test
    void twoJobsAtOnceDoNotDisturbEachOther() throws InterruptedException {
        lake.manyItems(300);
        lake.write("others", Lake.spark().range(1, 201).selectExpr("id", Lake.text("id * 3") + " AS text"));
        String partitions = Lake.spark().conf().get("spark.sql.shuffle.partitions");
        EmbedJob one = embedlake
                .job("one")
                .source(table("items"), "id")
                .column("vector", TEXT, HASHING, Reduction.none())
                .waveRows(100)
                .spark("spark.sql.shuffle.partitions", "3")
                .build();
        EmbedJob two = embedlake
                .job("two")
                .source(table("others"), "id")
                .column("vector", TEXT, HASHING, Reduction.pca(4))
                .build();
        JobRun first = one.start();
        JobRun second = two.start();
        RunReport ofOne = first.await();
        RunReport ofTwo = second.await();
        assertEquals(300, ofOne.columns().get(0).embedded());
        assertEquals(300, first.progress().orElseThrow().texts());
        assertEquals(200, ofTwo.columns().get(0).embedded());
        assertEquals(200, second.progress().orElseThrow().texts());
        assertEquals(
                Map.of("one", 300L, "two", 200L),
                Map.of(ofOne.job(), ofOne.rowsPublished(), ofTwo.job(), ofTwo.rowsPublished()));
        assertEquals(partitions, Lake.spark().conf().get("spark.sql.shuffle.partitions"));
        Row vectors = lake.row("SELECT count(vector), count(DISTINCT size(vector)) FROM {items}");
        assertEquals("[300,1]", vectors.toString());
    }
}
