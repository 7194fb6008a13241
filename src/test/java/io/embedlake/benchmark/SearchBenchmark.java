package io.embedlake.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.embedlake.Embedlake;
import io.embedlake.JobFile;
import io.embedlake.spark.Sessions;
import io.embedlake.sql.EmbedlakeCatalog;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a search costs in a session that has searched before: a line for each of {@code CALL embedlake.search} and, for comparison, the
 * vectors read by a plain query, with seconds, processor time and Spark jobs. The table is made once.
 *
 * <p>Arguments: the work folder, rows, rounds.
 */
public final class SearchBenchmark {
    private static final String JOB =
            """
            job: search
            source: {table: delta.`%s`, id: id}
            embeddings:
              - {column: vector, attribute: text, platform: hashing, dimensions: 128, reduce: {dimensions: 64}}
            """;

    private SearchBenchmark() {}

    public static void main(String[] arguments) throws IOException, TimeoutException {
        Path work = Files.createDirectories(Path.of(arguments[0]).toAbsolutePath());
        long rows = Long.parseLong(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        Path table = work.resolve("search-" + rows).resolve("items");
        AtomicInteger jobs = new AtomicInteger();
        try (SparkSession spark = Sessions.open("benchmark", Map.of(), System.getenv())) {
            spark.sparkContext().setLogLevel("ERROR");
            if (!Files.exists(table)) {
                embed(spark, rows, table);
            }
            spark.sparkContext().addSparkListener(new SparkListener() {
                @Override
                public void onJobStart(SparkListenerJobStart job) {
                    jobs.incrementAndGet();
                }
            });
            spark.sql("SET spark.sql.catalog.embedlake=" + EmbedlakeCatalog.class.getName());
            String query = "SELECT text FROM delta.`" + table + "` WHERE id = ";
            String search = "CALL embedlake.search('delta.`" + table + "`', 'vector', '%s')";
            for (int round = 1; round <= rounds; round++) {
                List<Row> text = spark.sql(query + round).collectAsList();
                time(spark, jobs, "search", () -> spark.sql(
                                String.format(search, text.get(0).getString(0)))
                        .collectAsList());
                time(spark, jobs, "scan", () -> spark.sql(
                                "SELECT id, aggregate(vector, 0D, (sum, x) -> sum + x) AS score" + " FROM delta.`"
                                        + table + "` ORDER BY score DESC LIMIT 10")
                        .collectAsList());
            }
        }
    }

    private static void embed(SparkSession spark, long rows, Path table) {
        spark.range(rows)
                .selectExpr(
                        "id",
                        "concat_ws(' ', transform(sequence(1, 12), n -> concat('word', hash(id, n) % 5000))) AS text")
                .write()
                .format("delta")
                .save(table.toString());
        Embedlake.on(spark)
                .job(JobFile.parse(String.format(JOB, table), List.of()))
                .run();
    }

    private static void time(SparkSession spark, AtomicInteger jobs, String what, Runnable work)
            throws TimeoutException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        int jobsBefore = jobs.get();
        long processor = system.getProcessCpuTime();
        long began = System.nanoTime();
        work.run();
        long nanos = System.nanoTime() - began;
        spark.sparkContext().listenerBus().waitUntilEmpty(10_000);
        System.out.printf(
                "%-8s %6.2f s, %6.2f s of processor time, %d Spark jobs%n",
                what, nanos / 1e9, (system.getProcessCpuTime() - processor) / 1e9, jobs.get() - jobsBefore);
    }
}
