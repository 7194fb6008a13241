package io.embedlake.benchmark;

import io.embedlake.config.JobFile;
import io.embedlake.config.JobSpec;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.job.EmbeddingJob;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;

/**
 * What a run costs after 10,000 rows of a table have changed in one commit, beside a first run over 10,000 rows: seconds in a warm session,
 * rows and bytes that its tasks have read. Texts are hashed, so that all but the model is timed; vectors have 64 dimensions after PCA.
 *
 * <p>Arguments: the work folder, then the sizes of the tables. System properties: {@code target} for one kind of target, {@code tables} for a
 * folder whose tables are used again where they are there, {@code phases} for the Spark jobs of each run.
 */
public final class IncrementalBenchmark {
    private static final int CHANGED = 10_000;
    private static final int ROWS_A_FILE = 10_000;
    private static final int ROUNDS = 3;
    private static final List<String> FILE_SIZES =
            List.of("spark.databricks.delta.optimize.maxFileSize", "spark.databricks.delta.optimize.minFileSize");

    private final SparkSession spark;
    private final Path work;
    private final RunTimeline timeline;

    private IncrementalBenchmark(SparkSession spark, Path work) {
        this.spark = spark;
        this.work = work;
        this.timeline = RunTimeline.of(spark);
    }

    public static void main(String[] arguments) throws IOException {
        Path all = Files.createDirectories(
                Path.of(System.getProperty("tables", arguments[0])).toAbsolutePath());
        Path work = System.getProperty("tables") == null ? Files.createTempDirectory(all, "incremental-") : all;
        try (SparkSession spark = Sessions.open("benchmark", Map.of(), System.getenv())) {
            spark.sparkContext().setLogLevel("ERROR");
            IncrementalBenchmark benchmark = new IncrementalBenchmark(spark, work);
            for (String target :
                    List.of(System.getProperty("target", "in place,mirrored").split(","))) {
                // The first round warms the session up.
                for (int round = 0; round <= ROUNDS; round++) {
                    benchmark.fresh(target, round);
                }
                for (int size = 1; size < arguments.length; size++) {
                    benchmark.changed(target, Long.parseLong(arguments[size]));
                }
            }
        }
    }

    private void fresh(String target, int round) throws IOException {
        String name = "fresh_" + UUID.randomUUID();
        table(name, CHANGED);
        run(name, target, "first run over " + CHANGED + (round == 0 ? " (warming up)" : ""));
    }

    private void changed(String target, long size) throws IOException {
        String name = "table_" + size + target.charAt(0);
        if (!Files.exists(work.resolve(name))) {
            table(name, size);
            run(name, target, "first run over " + size);
            optimize(name, target);
        }
        for (int round = 1; round <= ROUNDS; round++) {
            long from = size / (ROUNDS + 1) * round;
            spark.sql("UPDATE " + path(name) + " SET text = concat(text, ' after all') WHERE id >= " + from
                    + " AND id < " + (from + CHANGED));
            run(name, target, CHANGED + " changed of " + size);
        }
        run(name, target, "unchanged, " + size);
    }

    /**
     * The MERGE of all rows has spread neighbouring ids over all files; a table that somebody looks after is clustered again: into files of
     * some 10,000 rows with 64 values, as a table of billions of rows has some thousands.
     */
    private void optimize(String name, String target) {
        FILE_SIZES.forEach(size -> spark.conf().set(size, "3000000"));
        spark.sql("OPTIMIZE " + path(name));
        if (target.equals("mirrored")) {
            spark.sql("OPTIMIZE " + path(name + "_copy") + " ZORDER BY (id)");
        }
        FILE_SIZES.forEach(spark.conf()::unset);
    }

    private String path(String name) {
        return "delta.`" + work.resolve(name) + "`";
    }

    private void table(String name, long size) {
        int files = (int) Math.max(1, size / ROWS_A_FILE);
        spark.sql("CREATE TABLE " + path(name) + " (id BIGINT, text STRING, stars BIGINT) USING delta CLUSTER BY (id)");
        spark.range(0, size, 1, files)
                .selectExpr("id", MadeUpReviews.text("id"), "id % 10 AS stars")
                .write()
                .format("delta")
                .mode("append")
                .save(work.resolve(name).toString());
    }

    private void run(String name, String target, String what) throws IOException {
        // A compaction of the store belongs to no single run.
        String copied = "target: {" + (target.equals("mirrored") ? "table: delta.`" + name + "_copy`, " : "")
                + "compact: never}\n";
        Files.writeString(
                work.resolve("job.yaml"),
                "job: " + name + "\nsource: {table: delta.`" + name + "`, id: id}\n" + copied
                        + "embeddings:\n  - {column: vector, attribute: text, platform: hashing}\n");
        JobSpec job = JobFile.load(Path.of("job.yaml"), List.of(), Map.of(), work);
        Clock clock = Clock.systemUTC();
        timeline.begin();
        long begin = System.nanoTime();
        RunRecord run =
                new EmbeddingJob(spark, job, RunId.of(clock.instant(), UUID.randomUUID()), clock, timeline).run();
        double seconds = (System.nanoTime() - begin) / 1e9;
        timeline.await();
        if (Boolean.getBoolean("phases")) {
            timeline.lines().forEach(System.out::println);
        }
        System.out.printf(
                Locale.ROOT,
                "%-9s %-32s %6.1f s, %,11d rows and %,8.1f MB read, %,9d published; %s%n",
                target,
                what,
                seconds,
                timeline.rows(),
                timeline.bytes() / 1e6,
                run.rowsPublished(),
                run.look());
    }
}
