package io.embedlake.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.Attribute;
import io.embedlake.EmbedJob;
import io.embedlake.Embedlake;
import io.embedlake.EvaluateOptions;
import io.embedlake.JobFile;
import io.embedlake.JobRun;
import io.embedlake.Model;
import io.embedlake.Models;
import io.embedlake.Reduction;
import io.embedlake.RunOptions;
import io.embedlake.RunReport;
import io.embedlake.ml.TextEmbedder;
import io.embedlake.ml.VectorReducer;
import io.embedlake.ml.VectorReducerModel;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.evaluate.Evaluation;
import io.embedlake.spark.job.Lake;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the examples of docs/api.md, which stand here word for word. */
class ApiExamplesTest {
    private static final Path DOCUMENT = Path.of("docs/api.md");
    private static final Path HERE = Path.of("src/test/java/io/embedlake/examples/ApiExamplesTest.java");
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    private final SparkSession spark = Lake.spark();

    @BeforeEach
    void makeTable() {
        spark.sql("CREATE DATABASE shop LOCATION '" + folder.resolve("shop") + "'");
        spark.range(1, 41)
                .selectExpr(
                        "id AS review_id",
                        "IF(id = 7, 'the parcel came three weeks late', " + Lake.text("id") + ") AS text",
                        "'en' AS lang")
                .write()
                .format("delta")
                .saveAsTable("shop.reviews");
    }

    @AfterEach
    void dropTables() {
        spark.sql("DROP DATABASE shop CASCADE");
    }

    @Test
    void examplesDoWhatTheDocumentSays() throws InterruptedException {
        Embedlake lake = Embedlake.on(spark);
        RunReport report = lake.job("reviews")
                .source("shop.reviews", "review_id")
                .column(
                        "text_embedding",
                        Attribute.of("text"),
                        Model.huggingFace("sentence-transformers/all-MiniLM-L6-v2"),
                        Reduction.pca(16))
                .build()
                .run();
        assertEquals(40, report.rowsPublished());

        String yaml =
                """
                job: reviews
                source: {table: shop.reviews, id: review_id}
                embeddings:
                  - {column: text_embedding, attribute: text, reduce: {dimensions: 16}}
                """;
        EmbedJob job = lake.job(JobFile.parse(yaml));
        WorkPlan plan = job.plan();
        long toEmbed = plan.columns().get(0).counts().toEmbed();
        assertEquals(0, toEmbed);

        RunReport refitted = job.run(RunOptions.defaults().refit());
        RunReport replayed = job.replay(ErrorKind.TRANSIENT);
        assertEquals("pca-16 v2", refitted.columns().get(0).reduction().name());
        assertEquals(0, replayed.rowsPublished());

        Dataset<Row> hits = lake.search("shop.reviews", "text_embedding")
                .query("late delivery")
                .k(10)
                .where("lang = 'en'")
                .rows();
        assertEquals(7L, hits.first().<Long>getAs("review_id"));

        Dataset<Row> rows = spark.table("shop.reviews").limit(3);
        Dataset<Row> vectors =
                lake.embed(rows, "text", "vector", Model.huggingFace("sentence-transformers/all-MiniLM-L6-v2"));
        assertEquals(3, vectors.where("size(vector) = 384").count());

        Evaluation evaluation = job.evaluate(EvaluateOptions.defaults().rows(1000));
        String advice = evaluation.advice();
        Models models = Embedlake.models();
        List<Models.CachedModel> cached = models.list();
        assertTrue(advice.endsWith("."));
        assertTrue(cached.stream().anyMatch(model -> model.model().equals(Model.embedded())));
    }

    @Test
    void aRunIsCancelledAsTheDocumentSays() throws InterruptedException {
        EmbedJob job = Embedlake.on(spark)
                .job("reviews")
                .source("shop.reviews", "review_id")
                .column("text_embedding", Attribute.of("text"), Model.hashing(), Reduction.none())
                .build();
        JobRun run = job.start();
        run.progress().ifPresent(progress -> System.out.println(progress.line()));
        run.cancel();
        try {
            run.await();
        } catch (CancellationException e) {
            assertEquals(40, job.run().rowsPublished());
        }
        assertTrue(run.isDone());
    }

    @Test
    void theDocumentHasNoOtherExamples() throws IOException {
        String here = plain(Files.readString(HERE));
        List<MatchResult> examples =
                EXAMPLE.matcher(Files.readString(DOCUMENT)).results().toList();
        assertTrue(examples.size() > 4);
        for (MatchResult example : examples) {
            assertTrue(here.contains(plain(example.group(1))), example.group(1));
        }
    }

    private static String plain(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void stages() {
        Dataset<Row> labelled = spark.table("shop.reviews").selectExpr("text", "IF(review_id = 7, 1.0, 0.0) AS label");
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new TextEmbedder().setInputCol("text").setOutputCol("features").setVectorType("vector"),
            new LogisticRegression().setLabelCol("label")
        });
        PipelineModel fitted = pipeline.fit(labelled);
        assertEquals(40, fitted.transform(labelled).where("prediction = label").count());
    }

    @Test
    void shortVectorsOfAnyOrigin() {
        Dataset<Row> vectors =
                spark.range(60).selectExpr("id", "transform(sequence(1, 16), i -> sin(i * (id + 1))) AS vector");
        VectorReducer reducer = new VectorReducer()
                .setInputCol("vector")
                .setOutputCol("code")
                .setQuantize("packed")
                .setBytes(16);
        VectorReducerModel model = reducer.fit(vectors);
        Dataset<Row> codes = model.transform(vectors);
        assertEquals(16, codes.first().<byte[]>getAs("code").length);
    }
}
