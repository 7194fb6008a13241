package io.embedlake.benchmark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.randn;
import static org.apache.spark.sql.functions.sha2;

import com.sun.management.OperatingSystemMXBean;
import io.embedlake.config.TableRef;
import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.ml.PcaFitter;
import io.embedlake.spark.sql.VectorColumns;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Fingerprint;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Times fitting and projecting against Spark MLlib, in the same session, in turn, and prints a line for each.
 *
 * <p>Arguments: the work folder, rows, values a vector, rounds. The vectors are random, with a spectrum that falls.
 */
public final class ReductionBenchmark {
    private static final int DIMENSIONS = 64;

    private ReductionBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        int rows = Integer.parseInt(arguments[1]);
        int size = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        try (SparkSession spark = Sessions.open("benchmark", Map.of(), System.getenv())) {
            EmbedderSpec spec = new EmbedderSpec(
                    "benchmark", "benchmark", Fingerprint.of(Map.of("size", String.valueOf(size))), Map.of());
            Path table = folder.resolve("vectors-" + rows + "-" + size);
            store(spark, table, spec, rows, size);
            Dataset<Row> vectors = spark.read()
                    .format("delta")
                    .load(table.toString())
                    .select(col("content_hash").as("contentHash"), col("vector"), lit(0.0).as("createdAt"));
            Dataset<Row> cached = vectors.select("vector").persist(StorageLevel.MEMORY_ONLY());
            cached.count();
            PcaReducer reducer = PcaFitter.fit(vectors, "vector", DIMENSIONS);
            PCAModel model = pca().fit(features(vectors));
            for (int round = 0; round < rounds; round++) {
                time("scan", () -> bytes(vectors));
                time("fit, ours, end to end", () -> PcaFitter.fit(vectors, "vector", DIMENSIONS));
                time("fit, MLlib, end to end", () -> pca().fit(features(vectors)));
                time("fit, ours, from memory", () -> PcaFitter.fit(cached, "vector", DIMENSIONS));
                time("fit, MLlib, from memory", () -> pca().fit(features(cached)));
                time(
                        "projection, ours",
                        () -> bytes(vectors.withColumn("vector", VectorColumns.reduced(col("vector"), reducer))));
                time(
                        "projection, MLlib",
                        () -> bytes(model.transform(features(vectors))
                                .select(
                                        col("contentHash"),
                                        functions
                                                .vector_to_array(col("short"), "float32")
                                                .as("vector"))));
            }
        }
    }

    private static PCA pca() {
        return new PCA().setInputCol("features").setOutputCol("short").setK(DIMENSIONS);
    }

    private static Dataset<Row> features(Dataset<Row> vectors) {
        return vectors.withColumn("features", functions.array_to_vector(col("vector")));
    }

    /** Reads every value. */
    private static void bytes(Dataset<Row> vectors) {
        vectors.write().format("noop").mode("overwrite").save();
    }

    /** Prints wall time and processor time: the latter says more while others use the machine. */
    private static void time(String what, Runnable action) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long begin = System.nanoTime();
        long processor = system.getProcessCpuTime();
        action.run();
        System.out.printf(
                Locale.ROOT,
                "%-28s %.2f s, %.2f s of processors%n",
                what,
                (System.nanoTime() - begin) / 1e9,
                (system.getProcessCpuTime() - processor) / 1e9);
    }

    private static void store(SparkSession spark, Path folder, EmbedderSpec spec, int rows, int size) {
        VectorStore store =
                new VectorStore(new Tables(spark), new TableRef.FilePath(TableRef.Format.DELTA, folder.toString()));
        if (Files.notExists(folder)) {
            store.create(List.of(spec));
            List<Column> values = new ArrayList<>();
            IntStream.range(0, size)
                    .forEach(i ->
                            values.add(randn(i).divide(lit(Math.sqrt(1 + i))).cast("float")));
            store.append(
                    spark.range(0, rows, 1, 4)
                            .select(
                                    sha2(col("id").cast("string").cast("binary"), 256)
                                            .as("content_hash"),
                                    array(values.toArray(Column[]::new)).as("vector"),
                                    lit(size).as("dimension"),
                                    lit(1).as("tokens"),
                                    lit(false).as("truncated")),
                    spec,
                    new RunId("benchmark"),
                    1);
        }
    }
}
