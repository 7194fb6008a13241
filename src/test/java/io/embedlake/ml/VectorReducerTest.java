package io.embedlake.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.job.Lake;
import io.embedlake.spark.store.Failures;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stage as users of Spark ML have it, in sessions that know nothing of embedlake. */
class VectorReducerTest {
    private static final int LENGTH = 12;

    @TempDir
    private Path folder;

    private SparkSession spark;

    @BeforeEach
    void open() {
        spark = Lake.spark().newSession();
    }

    /** Vectors whose first values vary most and are larger where the label is 1; {@code id, label, vector}. */
    private Dataset<Row> vectors(int rows) {
        Random random = new Random(7);
        List<Row> all = new ArrayList<>();
        for (int id = 0; id < rows; id++) {
            float[] vector = new float[LENGTH];
            for (int i = 0; i < LENGTH; i++) {
                vector[i] = (float) ((id % 2 + random.nextGaussian()) / (1 + i));
            }
            all.add(RowFactory.create((long) id, (double) (id % 2), vector));
        }
        return inTasks(spark.createDataFrame(all, StructType.fromDDL("id BIGINT, label DOUBLE, vector ARRAY<FLOAT>")));
    }

    private Dataset<Row> rows(String sql) {
        return inTasks(spark.sql("SELECT * FROM VALUES " + sql + " AS t (vector)"));
    }

    /** Rows that Spark does not compute while it plans. */
    private static Dataset<Row> inTasks(Dataset<Row> rows) {
        return rows.repartition(1);
    }

    private static VectorReducer pca() {
        return new VectorReducer().setDimensions(3);
    }

    private static List<Object> values(Dataset<Row> rows, String column) {
        return rows.orderBy("id").select(column).collectAsList().stream()
                .map(row ->
                        row.get(0) instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : row.get(0))
                .toList();
    }

    @Test
    void shortVectorsAreThoseOfAJob() {
        Lake lake = new Lake(folder);
        lake.manyItems(60);
        lake.run(Lake.PLAIN.replace("{method: none}", "{dimensions: 5, center: true, keep-full: true}"));
        Dataset<Row> items = lake.rows("items");
        Dataset<Row> reduced = new VectorReducer()
                .setInputCol("vector_full")
                .setDimensions(5)
                .setCenter(true)
                .fit(items)
                .transform(items);
        for (Row row : reduced.select("vector", "reduced").collectAsList()) {
            for (int i = 0; i < 5; i++) {
                assertEquals(row.<Float>getList(0).get(i), row.<Float>getList(1).get(i), 1e-6f);
            }
        }
    }

    @Test
    void vectorsOfAllTypesBecomeTheSame() {
        Dataset<Row> floats = vectors(30);
        VectorReducerModel model = pca().fit(floats);
        List<Object> expected = values(model.transform(floats), "reduced");
        Dataset<Row> doubles = floats.withColumn("vector", floats.col("vector").cast("array<double>"));
        Dataset<Row> dense =
                doubles.withColumn("vector", org.apache.spark.ml.functions.array_to_vector(doubles.col("vector")));
        List<Row> some = dense.collectAsList().stream()
                .map(row -> RowFactory.create(
                        row.get(0), row.<Vector>getAs("vector").toSparse()))
                .toList();
        Dataset<Row> sparse = spark.createDataFrame(
                some, new StructType().add("id", "bigint").add("vector", SQLDataTypes.VectorType()));
        for (Dataset<Row> same : List.of(doubles, dense, sparse)) {
            assertEquals(expected, values(model.transform(same), "reduced"));
            assertEquals(expected, values(pca().fit(same).transform(same), "reduced"));
        }
        Vector vector = (Vector) values(model.setVectorType("vector").transform(sparse), "reduced")
                .get(7);
        List<?> floatsOfIt = scala.jdk.javaapi.CollectionConverters.asJava((scala.collection.Seq<?>) expected.get(7));
        for (int i = 0; i < 3; i++) {
            assertEquals((Float) floatsOfIt.get(i), (float) vector.apply(i));
        }
    }

    @Test
    void whatIsNullStaysNull() {
        Dataset<Row> floats = vectors(20).union(spark.sql("SELECT 99L, 0D, CAST(NULL AS ARRAY<FLOAT>)"));
        VectorReducerModel model = pca().fit(floats);
        assertEquals(20, model.fittedRows());
        assertNull(values(model.transform(floats), "reduced").get(20));
        assertNull(values(model.setVectorType("vector").transform(floats), "reduced")
                .get(20));
    }

    @Test
    void theOrderOfRowsMakesNoDifference() {
        Dataset<Row> rows = vectors(300);
        VectorReducer reducer = pca().setSampleRows(100).setQuantize("int8");
        VectorReducerModel model = reducer.fit(rows);
        assertTrue(model.fittedRows() > 70 && model.fittedRows() < 130, model::toString);
        VectorReducerModel other = reducer.fit(rows.orderBy("label", "vector").repartition(3));
        assertEquals(model.toString().replace(model.uid(), ""), other.toString().replace(other.uid(), ""));
        assertEquals(values(model.transform(rows), "reduced"), values(other.transform(rows), "reduced"));
    }

    @Test
    void rowsWithoutAVectorOfTheirOwnDoNotMakeTheSampleSmall() {
        Dataset<Row> rows = vectors(200)
                .select("vector")
                .union(spark.range(1500).selectExpr("CAST(NULL AS ARRAY<FLOAT>)"))
                .union(spark.range(1500).selectExpr("array_repeat(0f, " + LENGTH + ")"));
        long fitted = pca().setSampleRows(100).fit(rows).fittedRows();
        assertTrue(fitted >= 50 && fitted <= 201, () -> fitted + " rows");
    }

    @ParameterizedTest
    @CsvSource({
        "pca, none, array<float>",
        "pca, int8, array<tinyint>",
        "pca, binary, binary",
        "pca, packed, binary",
        "mllib-pca, none, array<float>",
        "truncate, packed, binary",
        "autoencoder, none, array<float>",
        "none, int8, array<tinyint>",
        "none, none, array<float>"
    })
    void savedModelsGiveTheSame(String method, String quantize, String type) throws IOException {
        Dataset<Row> rows = vectors(120);
        VectorReducer reducer =
                new VectorReducer().setMethod(method).setQuantize(quantize).setOutputCol("code");
        if (quantize.equals("packed")) {
            reducer.setBytes(4);
        }
        if (!method.equals("none") && !(method.equals("pca") && quantize.equals("packed"))) {
            reducer.setDimensions(3);
        }
        if (method.equals("pca")) {
            reducer.setCenter(true);
        }
        reducer.write().save(folder.resolve("stage").toString());
        VectorReducerModel model =
                VectorReducer.load(folder.resolve("stage").toString()).fit(rows);
        Dataset<Row> coded = model.transform(rows);
        assertEquals(type, coded.schema().apply("code").dataType().catalogString());
        assertEquals(
                model.transformSchema(rows.schema()).apply("code").dataType(),
                coded.schema().apply("code").dataType());
        model.write().save(folder.resolve("model").toString());
        VectorReducerModel loaded =
                VectorReducerModel.load(folder.resolve("model").toString());
        assertEquals(model.toString(), loaded.toString());
        assertEquals(LENGTH, loaded.inputDimensions());
        assertEquals(model.quality(), loaded.quality());
        assertEquals(values(coded, "code"), values(loaded.transform(rows), "code"));
    }

    /** Servers of Spark Connect keep models on the driver's disk, which need not be the file system of Spark. */
    @Test
    void modelsAreKeptOnTheDriversDisk() throws IOException {
        String path = folder.resolve("model").toString();
        VectorReducerModel model = pca().fit(vectors(20));
        model.write().saveToLocal(path);
        assertTrue(Files.isRegularFile(folder.resolve("model/fit")));
        assertEquals(
                model.toString(), VectorReducerModel.read().loadFromLocal(path).toString());
    }

    @Test
    void damagedModelsAreNotUsed() throws IOException {
        String path = folder.resolve("model").toString();
        pca().fit(vectors(20)).write().save(path);
        try (Stream<Path> files = Files.list(folder.resolve("model/fit"))) {
            Path file = files.filter(each -> each.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Base64.getDecoder().decode(Files.readString(file).strip());
            bytes[bytes.length / 2] ^= 1;
            Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
            Files.writeString(file, Base64.getEncoder().encodeToString(bytes));
        }
        Lake.refused(ErrorKind.STORAGE, () -> VectorReducerModel.load(path), path, "its checksum differs", "Fit the");
    }

    @Test
    void savedPipelinesPredictTheSame() throws IOException {
        Dataset<Row> rows = vectors(60);
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            pca().setVectorType("vector").setOutputCol("features"), new LogisticRegression()
        });
        PipelineModel fitted = pipeline.fit(rows);
        fitted.write().save(folder.resolve("model").toString());
        pipeline.write().save(folder.resolve("pipeline").toString());
        List<Object> expected = values(fitted.transform(rows), "prediction");
        PipelineModel loaded = PipelineModel.load(folder.resolve("model").toString());
        assertEquals(fitted.stages()[0].uid(), loaded.stages()[0].uid());
        assertEquals(expected, values(loaded.transform(rows), "prediction"));
        Pipeline again = Pipeline.load(folder.resolve("pipeline").toString());
        assertEquals(expected, values(again.fit(rows).transform(rows), "prediction"));
    }

    @Tag("heavy")
    @Test
    void crossValidationChoosesDimensions() {
        VectorReducer reducer = new VectorReducer()
                .setMethod("truncate")
                .setVectorType("vector")
                .setOutputCol("features");
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(reducer.dimensions(), new int[] {1, 8})
                .build();
        CrossValidatorModel fitted = new CrossValidator()
                .setEstimator(new Pipeline().setStages(new PipelineStage[] {reducer, new LogisticRegression()}))
                .setEstimatorParamMaps(grid)
                .setEvaluator(new MulticlassClassificationEvaluator())
                .setNumFolds(2)
                .fit(vectors(80));
        assertTrue(fitted.avgMetrics()[1] > fitted.avgMetrics()[0]);
        VectorReducerModel best = (VectorReducerModel) ((PipelineModel) fitted.bestModel()).stages()[0];
        Vector vector = best.transform(vectors(1)).first().getAs("features");
        assertEquals(8, vector.size());
    }

    @Test
    void rowsOfStreamsAreReduced() throws Exception {
        String source = folder.resolve("source").toString();
        Dataset<Row> rows = vectors(20);
        rows.write().parquet(source);
        VectorReducerModel model = pca().fit(rows);
        StreamingQuery query = model.transform(
                        spark.readStream().schema(rows.schema()).parquet(source))
                .writeStream()
                .format("memory")
                .queryName("streamed")
                .start();
        query.processAllAvailable();
        query.stop();
        assertEquals(values(model.transform(rows), "reduced"), values(spark.table("streamed"), "reduced"));
    }

    @Test
    void wrongParamsAreRefusedBeforeAnyWork() {
        refused(pca().setInputCol("vektor"), "Cannot reduce the column vektor", "Did you mean vector?");
        refused(pca().setInputCol("id"), "it is of type BIGINT");
        refused(pca().setOutputCol("LABEL"), "one of this name");
        refused(pca().setVectorType("list"), "vectorType is list (array or vector)");
        refused(pca().setVectorType("vector").setQuantize("int8"), "quantize int8", "no vectors of Spark ML");
        refused(
                new VectorReducer("it").setMethod("umap"),
                "Cannot reduce vectors with the stage it: method umap is not a choice");
        refused(pca().setDimensions(0), "dimensions 0 is out of range");
        refused(pca().setQuantize("packed"), "dimensions stands beside quantize packed", "share the bits of bytes");
        refused(pca().setBytes(8), "bytes");
        refused(pca().setSampleRows(1), "sampleRows 1 is out of range");
        refused(
                new VectorReducer(),
                "there are 30 distinct vectors",
                "Set dimensions to at most 29, or fewRows to pad");
        refused(new VectorReducer().setFewRows("pad"), "the vectors have " + LENGTH);
        refused(new VectorReducer().setMethod("truncate"), "Set dimensions to at most " + LENGTH);
        Lake.refused(ErrorKind.CONFIGURATION, () -> new VectorReducerModel().transform(vectors(1)), "it is not fitted");
    }

    private void refused(VectorReducer stage, String... parts) {
        EmbedlakeException e = Lake.refused(ErrorKind.CONFIGURATION, () -> stage.fit(vectors(30)), parts);
        assertTrue(!e.getMessage().contains("reduce."), e::getMessage);
    }

    @Test
    void vectorsThatCannotBeReducedAreRefused() {
        VectorReducer truncate = new VectorReducer().setMethod("truncate").setDimensions(1);
        String twoLengths = "(array(1f, 2f)), (array(1f, 2f, 3f))";
        String nan = "(array(1D, CAST('NaN' AS DOUBLE)))";
        String tooLarge = "(array(1D, 1e300D))";
        String withNull = "(array(1f, NULL))";
        String empty = "(CAST(array() AS ARRAY<FLOAT>))";
        fitRefused(truncate, twoLengths, "it has vectors of 2 and of 3 values");
        fitRefused(truncate, nan, "the column vector: it has a vector with the value NaN");
        fitRefused(truncate, tooLarge, "a vector with the value Infinity");
        fitRefused(truncate, withNull, "a vector with a null in it");
        fitRefused(truncate, empty, "a vector of 0 values");
        VectorReducerModel model = truncate.fit(rows("(array(1f, 2f))"));
        transformRefused(model, twoLengths, "a vector of 3 values", "fitted on vectors of 2");
        transformRefused(model, nan, "the value NaN");
        transformRefused(model, withNull, "a null in it");
    }

    private void fitRefused(VectorReducer reducer, String sql, String... parts) {
        Lake.refused(ErrorKind.CONFIGURATION, () -> reducer.fit(rows(sql)), parts);
    }

    /** A query fails as Spark's queries do, with the sentence as the cause. */
    private void transformRefused(VectorReducerModel model, String sql, String... parts) {
        SparkException failure = assertThrows(
                SparkException.class, () -> model.transform(rows(sql)).collectAsList());
        EmbedlakeException cause =
                Failures.cause(failure, EmbedlakeException.class).orElseThrow();
        for (String part : parts) {
            assertTrue(cause.getMessage().contains(part), cause::getMessage);
        }
    }

    @Test
    void aSparseVectorMayHaveAnyLengthItSays() {
        Dataset<Row> sparse = spark.createDataFrame(
                List.of(RowFactory.create(Vectors.sparse(4, new int[] {1}, new double[] {5}))),
                new StructType().add("vector", SQLDataTypes.VectorType()));
        VectorReducerModel model =
                new VectorReducer().setMethod("truncate").setDimensions(3).fit(sparse);
        assertEquals(4, model.inputDimensions());
        Vector vector = model.setVectorType("vector").transform(sparse).first().getAs("reduced");
        assertArrayEquals(new double[] {0, 1, 0}, vector.toArray());
    }

    /** How Spark Connect finds the stages that its clients may use. */
    @Test
    void serversOfSparkConnectAllowIt() {
        assertTrue(listed(Estimator.class).contains(VectorReducer.class));
        assertTrue(listed(Transformer.class).contains(VectorReducerModel.class));
    }

    private static List<Class<?>> listed(Class<?> kind) {
        List<Class<?>> types = new ArrayList<>();
        ServiceLoader.load(kind).stream().forEach(provider -> types.add(provider.type()));
        return types;
    }
}
