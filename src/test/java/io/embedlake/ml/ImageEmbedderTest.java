package io.embedlake.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.job.Lake;
import io.embedlake.spi.ErrorKind;
import io.embedlake.testing.TinyImageModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage as users of Spark ML have it, in sessions that know nothing of embedlake. */
class ImageEmbedderTest {
    private static final int DIMENSION = 36;

    @TempDir
    private Path folder;

    private SparkSession spark;
    private String model;

    @BeforeEach
    void open() {
        spark = Lake.spark().newSession();
        model = TinyImageModels.make(folder, "vit").toString();
    }

    private Dataset<Row> images(String... files) {
        String[] paths = new String[files.length];
        for (int i = 0; i < files.length; i++) {
            paths[i] = TinyImageModels.file(files[i]).toString();
        }
        return spark.read().format("binaryFile").load(paths).orderBy("path");
    }

    private ImageEmbedder stage() {
        return new ImageEmbedder().setModel(model).setOptions("precision=fp32");
    }

    @Test
    void filesOfImagesGetArraysOfFloats() {
        List<Row> rows = stage().transform(images("alpha.png", "cut.jpg", "rgb.png"))
                .select("path", "vector")
                .collectAsList();
        assertEquals(DIMENSION, rows.get(0).getList(1).size());
        assertNull(rows.get(1).get(1), "a file that is cut off");
        assertEquals(DIMENSION, rows.get(2).getList(1).size());
    }

    @Test
    void orVectorsOfSparkMl() {
        ImageEmbedder stage = stage().setVectorType("vector").setOutputCol("features");
        Dataset<Row> images = images("cut.jpg", "rgb.png");
        Dataset<Row> embedded = stage.transform(images);
        assertEquals(
                stage.transformSchema(images.schema()).apply("features").dataType(),
                embedded.schema().apply("features").dataType());
        List<Row> rows = embedded.select("features").collectAsList();
        assertNull(rows.get(0).get(0));
        assertEquals(DIMENSION, rows.get(1).<Vector>getAs(0).size());
    }

    @Test
    void savedPipelinesPredictTheSame() throws IOException {
        Dataset<Row> labelled = images("alpha.png", "gray.png", "palette.png", "rgb.png", "tall.png", "wide.png")
                .selectExpr("content", "double(row_number() OVER (ORDER BY path) % 2) AS label")
                .cache();
        VectorReducer reducer = new VectorReducer()
                .setInputCol("vector")
                .setOutputCol("features")
                .setMethod("truncate")
                .setDimensions(8)
                .setVectorType("vector");
        PipelineModel fitted = new Pipeline()
                .setStages(new PipelineStage[] {stage(), reducer, new LogisticRegression()})
                .fit(labelled);
        List<Row> expected =
                fitted.transform(labelled).select("label", "probability").collectAsList();
        fitted.write().save(folder.resolve("pipeline").toString());
        PipelineModel loaded = PipelineModel.load(folder.resolve("pipeline").toString());
        assertEquals(fitted.stages()[0].uid(), ((ImageEmbedder) loaded.stages()[0]).uid());
        assertEquals(
                expected,
                loaded.transform(labelled).select("label", "probability").collectAsList());
    }

    @Test
    void wrongParamsAreRefusedBeforeAnyWork() {
        refused(stage().setInputCol("body"), "no such column");
        refused(
                stage().setInputCol("path"),
                "Cannot embed the column path: it is of type STRING (an image is the content of its file, BINARY)."
                        + " Read files with Spark's format binaryFile.");
        refused(stage().setOutputCol("length"), "one of this name");
        refused(stage().setVectorType("list"), "vectorType is list");
        refused(new ImageEmbedder(), "it takes texts only");
    }

    private void refused(ImageEmbedder stage, String part) {
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> stage.transform(images("rgb.png")).collectAsList(),
                part);
    }

    /** How Spark Connect finds the stages that its clients may use. */
    @Test
    void serversOfSparkConnectAllowIt() {
        assertTrue(ServiceLoader.load(Transformer.class).stream()
                .anyMatch(provider -> provider.type().equals(ImageEmbedder.class)));
    }
}
