package io.embedlake.benchmark;

import static org.apache.spark.sql.functions.col;

import com.sun.management.OperatingSystemMXBean;
import io.embedlake.config.TableRef;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.neighbours.JoinSide;
import io.embedlake.spark.neighbours.JoinSpec;
import io.embedlake.spark.neighbours.NeighbourJoin;
import io.embedlake.spark.neighbours.NeighbourReport;
import io.embedlake.spark.run.JobObserver;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.ml.feature.BucketedRandomProjectionLSH;
import org.apache.spark.ml.feature.BucketedRandomProjectionLSHModel;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The ten nearest rows of a table for each row of another: embedlake's join, Spark's cross join with a cosine, and MLlib's join by locality
 * sensitive hashing.
 *
 * <p>Arguments: the work folder, queries, rows. The cross join, which only finds the nearest row here and does not rank ten, is timed with few
 * queries and extrapolated to all: its time is proportional to them but for the start. MLlib's is timed with part of both tables, its start left out in the same way, and extrapolated by the product of both: buckets grow with
 * the tables, and pairs with their product.
 */
public final class NeighboursBenchmark {
    private static final int K = 10;
    private static final double RECALL = 0.95;
    private static final int CHECKED = 200;
    private static final int CROSSED = 20;
    private static final int HASHED_QUERIES = 200;
    private static final int HASHED_ROWS = 10_000;

    /** Twice the standard deviation of the projections of unit vectors: a wider bucket holds nearly all of them. */
    private static final double BUCKET = 2 / Math.sqrt(SentenceVectors.DIMENSION);

    private final SparkSession spark;
    private final Path work;
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private NeighboursBenchmark(SparkSession spark, Path work) {
        this.spark = spark;
        this.work = work;
    }

    public static void main(String[] arguments) throws IOException {
        Path work = Files.createDirectories(Path.of(arguments[0]).toAbsolutePath());
        long queries = Long.parseLong(arguments[1]);
        long rows = Long.parseLong(arguments[2]);
        try (SparkSession spark = Sessions.open("benchmark", Map.of(), System.getenv())) {
            spark.sparkContext().setLogLevel("ERROR");
            new NeighboursBenchmark(spark, work).measure(queries, rows);
        }
    }

    private record Time(double seconds, double processor) {
        Time times(double factor) {
            return new Time(seconds * factor, processor * factor);
        }

        Time less(Time other) {
            return new Time(seconds - other.seconds, processor - other.processor);
        }
    }

    private void measure(long queries, long rows) throws IOException {
        Path of = work.resolve("sentences-queries-" + queries);
        Path in = work.resolve("sentences-rows-" + rows);
        SentenceVectors.table(spark, work, in, rows, 1);
        SentenceVectors.table(spark, work, of, queries, 2);
        // What is compiled and cached is no part of the measurement.
        join(of, "id < 2000", in, "id < 20000", RECALL, "warm");

        NeighbourReport[] report = new NeighbourReport[1];
        Time join = timed(() -> report[0] = join(of, null, in, null, RECALL, "found"));
        join(of, "id < " + CHECKED, in, null, 1, "exact");
        print("embedlake", join, "recall " + recall("found", "exact") + ", " + report[0]);

        Time few = timed(() -> cross(of, CROSSED / 4, in));
        Time more = timed(() -> cross(of, CROSSED, in));
        Time cross = more.less(few).times(queries / (CROSSED * 0.75));
        print("cross join", cross, "from " + CROSSED + " queries: " + more);
        System.out.printf(
                "times faster: %.1f by the clock, %.1f by processor time%n",
                cross.seconds() / join.seconds(), cross.processor() / join.processor());

        hashed(of, in, queries, rows, join);
    }

    private NeighbourReport join(Path of, String queries, Path in, String rows, double recall, String result) {
        JoinSpec spec = new JoinSpec(side(of, queries), side(in, rows), K, recall, OptionalDouble.empty());
        JobObserver observer = new JobObserver() {
            @Override
            public void phase(String what) {
                System.err.printf(
                        "%tT %s%n", System.currentTimeMillis(), what.replaceAll("delta.`[^`]*`", "the table"));
            }
        };
        return new NeighbourJoin(spark, spec, observer).run(table(work.resolve("neighbours-" + result)));
    }

    private static JoinSide side(Path table, String where) {
        return new JoinSide(table(table), "vector", List.of("id"), Optional.ofNullable(where));
    }

    private static TableRef table(Path path) {
        return TableRef.parse("delta.`" + path + "`");
    }

    private void cross(Path of, long queries, Path in) {
        spark.sql("SELECT a.id, max_by(b.id, embedlake_cosine(a.vector, b.vector)) FROM delta.`" + in
                        + "` b CROSS JOIN (SELECT /*+ REPARTITION(1) */ * FROM delta.`" + of + "` WHERE id < " + queries
                        + ") a GROUP BY a.id")
                .collectAsList();
    }

    /** MLlib's join, with more tables until the recall is comparable. */
    private void hashed(Path of, Path in, long queries, long rows, Time join) {
        Dataset<Row> some = vectors(of, Math.min(queries, HASHED_QUERIES)).cache();
        Dataset<Row> among = vectors(in, Math.min(rows, HASHED_ROWS)).cache();
        join(of, "id < " + some.count(), in, "id < " + among.count(), 1, "hashed-exact");
        Dataset<Row> exact = result("hashed-exact");
        // As far as the farthest of most true neighbours: MLlib takes a distance, not a number of neighbours.
        double least = exact.where(col("rank").equalTo(K)).stat().approxQuantile("score", new double[] {0.05}, 0.01)[0];
        double distance = Math.sqrt(2 - 2 * least);
        for (int tables : new int[] {2, 3, 4}) {
            int count = tables;
            Time few = timed(() -> hashed(some.where(col("id").lt(HASHED_QUERIES / 4)), among, count, distance));
            Time more = timed(() -> hashed(some, among, count, distance));
            Time all = more.less(few).times(queries / (HASHED_QUERIES * 0.75) * rows / among.count());
            print(
                    "MLlib, " + tables + " tables",
                    all,
                    "recall " + recall("hashed", "hashed-exact") + ", from " + some.count() + " with " + among.count()
                            + " rows: " + more);
            System.out.printf(
                    "times faster: %.1f by the clock, %.1f by processor time%n",
                    all.seconds() / join.seconds(), all.processor() / join.processor());
            if (recall("hashed", "hashed-exact") >= RECALL) {
                break;
            }
        }
    }

    private void hashed(Dataset<Row> some, Dataset<Row> among, int tables, double distance) {
        BucketedRandomProjectionLSHModel model = new BucketedRandomProjectionLSH()
                .setBucketLength(BUCKET)
                .setNumHashTables(tables)
                .setInputCol("unit")
                .setOutputCol("hashes")
                .setSeed(1)
                .fit(among);
        model.approxSimilarityJoin(some, among, distance, "distance")
                .selectExpr("datasetA.id AS query_id", "datasetB.id AS neighbour_id", "distance")
                .selectExpr("*", "row_number() OVER (PARTITION BY query_id ORDER BY distance, neighbour_id) AS rank")
                .where("rank <= " + K)
                .write()
                .format("delta")
                .mode("overwrite")
                .save(work.resolve("neighbours-hashed").toString());
    }

    private Dataset<Row> vectors(Path table, long rows) {
        return spark.read()
                .format("delta")
                .load(table.toString())
                .where(col("id").lt(rows))
                .select(col("id"), functions.array_to_vector(col("vector")).as("vector"))
                .transform(raw -> new org.apache.spark.ml.feature.Normalizer()
                        .setInputCol("vector")
                        .setOutputCol("unit")
                        .transform(raw))
                .select("id", "unit");
    }

    private Dataset<Row> result(String name) {
        return spark.read()
                .format("delta")
                .load(work.resolve("neighbours-" + name).toString());
    }

    /** The share of the exact neighbours that is among those that were found. */
    private double recall(String found, String exact) {
        Dataset<Row> all = result(exact).select("query_id", "neighbour_id");
        long shared = all.join(
                        result(found).select("query_id", "neighbour_id"),
                        new String[] {"query_id", "neighbour_id"},
                        "left_semi")
                .count();
        return Math.round(1000.0 * shared / all.count()) / 1000.0;
    }

    private Time timed(Runnable work) {
        long processor = system.getProcessCpuTime();
        long start = System.nanoTime();
        work.run();
        return new Time((System.nanoTime() - start) / 1e9, (system.getProcessCpuTime() - processor) / 1e9);
    }

    private static void print(String what, Time time, String more) {
        System.out.printf(
                "%-16s %10.1f s, %10.1f s of processor time: %s%n", what, time.seconds(), time.processor(), more);
    }
}
