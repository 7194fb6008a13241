package io.embedlake.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.job.Lake;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage as users of Spark ML have it, in sessions that know nothing of embedlake. */
class TextEmbedderTest {
    @TempDir
    private Path folder;

    private SparkSession spark;

    @BeforeEach
    void open() {
        spark = Lake.spark().newSession();
    }

    private Dataset<Row> texts() {
        return spark.sql(
                "SELECT * FROM VALUES (1L, 'a red apple'), (2L, NULL), (3L, ' '), (4L, 'a green pear') AS t (id, text)");
    }

    private static TextEmbedder hashing() {
        return new TextEmbedder().setOptions("platform=hashing", "dimensions=64");
    }

    @Test
    void textsGetArraysOfFloats() {
        List<Row> rows = hashing().transform(texts()).collectAsList();
        assertEquals(Lake.hashed("a red apple"), rows.get(0).getList(2));
        assertNull(rows.get(1).get(2));
        assertNull(rows.get(2).get(2));
        assertEquals(Lake.hashed("a green pear"), rows.get(3).getList(2));
    }

    @Test
    void orVectorsOfSparkMl() {
        TextEmbedder stage = hashing().setVectorType("vector").setOutputCol("features");
        Dataset<Row> embedded = stage.transform(texts());
        assertEquals(
                stage.transformSchema(texts().schema()).apply("features").dataType(),
                embedded.schema().apply("features").dataType());
        List<Row> rows = embedded.collectAsList();
        Vector vector = rows.get(0).getAs("features");
        List<Float> expected = Lake.hashed("a red apple");
        for (int i = 0; i < 64; i++) {
            assertEquals(expected.get(i), (float) vector.apply(i));
        }
        assertNull(rows.get(1).get(2));
    }

    @Test
    void savedPipelinesPredictTheSame() throws IOException {
        Dataset<Row> labelled = spark.range(40)
                .selectExpr(
                        "id % 2 AS label",
                        "concat(if(id % 2 = 0, 'sweet ripe fruit ', 'cold dark winter '), id) AS text");
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            hashing().setVectorType("vector").setOutputCol("features"), new LogisticRegression()
        });
        PipelineModel fitted = pipeline.fit(labelled);
        assertEquals(40, fitted.transform(labelled).where("label = prediction").count());
        fitted.write().save(folder.resolve("model").toString());
        pipeline.write().save(folder.resolve("pipeline").toString());
        PipelineModel loaded = PipelineModel.load(folder.resolve("model").toString());
        TextEmbedder stage = (TextEmbedder) loaded.stages()[0];
        assertEquals(fitted.stages()[0].uid(), stage.uid());
        assertEquals(40, loaded.transform(labelled).where("label = prediction").count());
        assertEquals(
                40,
                Pipeline.load(folder.resolve("pipeline").toString())
                        .fit(labelled)
                        .transform(labelled)
                        .where("label = prediction")
                        .count());
    }

    @Test
    void crossValidationChoosesAModel() {
        TextEmbedder embedder = new TextEmbedder().setVectorType("vector").setOutputCol("features");
        Dataset<Row> labelled = spark.range(24)
                .selectExpr(
                        "id % 2 AS label",
                        "concat(if(id % 2 = 0, 'sweet ripe fruit ', 'cold dark winter '), id) AS text");
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(
                        embedder.options(),
                        scala.jdk.javaapi.CollectionConverters.asScala(List.of(
                                new String[] {"platform=hashing", "dimensions=1"},
                                new String[] {"platform=hashing", "dimensions=64"})))
                .build();
        CrossValidatorModel fitted = new CrossValidator()
                .setEstimator(new Pipeline().setStages(new PipelineStage[] {embedder, new LogisticRegression()}))
                .setEstimatorParamMaps(grid)
                .setEvaluator(new MulticlassClassificationEvaluator())
                .setNumFolds(2)
                .fit(labelled);
        assertTrue(fitted.avgMetrics()[1] > fitted.avgMetrics()[0]);
        TextEmbedder best = (TextEmbedder) ((PipelineModel) fitted.bestModel()).stages()[0];
        assertEquals("dimensions=64", best.getOrDefault(best.options())[1]);
    }

    @Test
    void wrongParamsAreRefusedBeforeAnyWork() {
        refused(hashing().setInputCol("body"), "no such column");
        refused(hashing().setInputCol("id"), "of type BIGINT");
        refused(hashing().setOutputCol("ID"), "one of this name");
        refused(hashing().setVectorType("list"), "vectorType is list");
        refused(new TextEmbedder().setOptions("platform"), "an option is no key=value: platform");
        refused(new TextEmbedder().setOptions("platfrom=hashing"), "did you mean platform");
    }

    private void refused(TextEmbedder stage, String part) {
        Lake.refused(ErrorKind.CONFIGURATION, () -> stage.transform(texts()).collectAsList(), part);
    }

    @Test
    void secretsAreNeitherUsedNorSaved() {
        TextEmbedder stage = new TextEmbedder().setOptions("platform=openai", "api-key=sk-123");
        EmbedlakeException used =
                Lake.refused(ErrorKind.CONFIGURATION, () -> stage.transform(texts()), "is not a reference to a secret");
        assertFalse(used.getMessage().contains("sk-123"), used.getMessage());
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> stage.write().save(folder.resolve("stage").toString()),
                "is not a reference to a secret");
    }

    /** How Spark Connect finds the stages that its clients may use. */
    @Test
    void serversOfSparkConnectAllowIt() {
        assertTrue(ServiceLoader.load(Transformer.class).stream()
                .anyMatch(provider -> provider.type().equals(TextEmbedder.class)));
    }
}
