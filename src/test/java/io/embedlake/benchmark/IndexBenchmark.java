package io.embedlake.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.embedlake.EmbedJob;
import io.embedlake.Embedlake;
import io.embedlake.JobFile;
import io.embedlake.VectorSearch;
import io.embedlake.config.JobSpec;
import io.embedlake.examples.WordNetDefinitions;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.index.ColumnIndex;
import io.embedlake.spark.job.ColumnIndexes;
import io.embedlake.spark.publish.TargetTable;
import io.embedlake.spark.store.Tables;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import scala.collection.mutable.ArraySeq;

/**
 * An index of vectors of 384 values: the time to build it, its curve of recall by cells, and searches with it and without it, in seconds and
 * bytes read. A part of the vectors are those of definitions of WordNet by the embedded model; all others are such vectors with Gaussian
 * noise, whose length is drawn evenly between 0.1 and 0.3 of the vector's. Queries are other definitions.
 *
 * <p>Arguments: the work folder, rows, real vectors, queries.
 */
public final class IndexBenchmark {
    private static final String JOB =
            """
            job: index
            source: {table: delta.`%s`, id: id}
            embeddings:
              - {column: vector, attribute: text, reduce: {method: none}}
            """;
    private static final StructType ITEMS = StructType.fromDDL("id BIGINT, text STRING");

    private IndexBenchmark() {}

    public static void main(String[] arguments) throws IOException, TimeoutException {
        Path work = Files.createDirectories(Path.of(arguments[0]).toAbsolutePath());
        long rows = Long.parseLong(arguments[1]);
        int real = Integer.parseInt(arguments[2]);
        int queries = Integer.parseInt(arguments[3]);
        List<String> texts = texts();
        Path table = work.resolve("index-" + rows).resolve("items");
        AtomicLong jobs = new AtomicLong();
        try (SparkSession spark = Sessions.open("benchmark", Map.of(), System.getenv())) {
            spark.sparkContext().setLogLevel("ERROR");
            if (!Files.exists(table)) {
                Path definitions = work.resolve("definitions-" + real);
                if (!Files.exists(definitions)) {
                    embed(spark, texts.subList(0, real), definitions);
                }
                multiply(spark, definitions, rows, real, table);
            }
            spark.sparkContext().addSparkListener(new SparkListener() {
                @Override
                public void onJobStart(SparkListenerJobStart job) {
                    jobs.incrementAndGet();
                }
            });
            if (!Files.exists(Path.of(table + "_embeddings_index"))) {
                build(spark, table);
            }
            curve(spark, table);
            EmbedJob job = job(spark, table);
            List<String> asked = texts.subList(real, real + queries);
            List<Set<Object>> exact = new ArrayList<>();
            for (String query : asked) {
                exact.add(timed(
                        spark, jobs, "exact", job.search("vector").query(query).recall(1)));
            }
            // The first searches open the index and warm its code up.
            for (String query : asked.subList(0, Math.min(5, queries))) {
                timed(
                        spark,
                        jobs,
                        "warming up",
                        job.search("vector").query(query).recall(0.95));
            }
            double found = 0;
            for (int i = 0; i < queries; i++) {
                Set<Object> indexed = timed(
                        spark,
                        jobs,
                        "index",
                        job.search("vector").query(asked.get(i)).recall(0.95));
                indexed.retainAll(exact.get(i));
                found += indexed.size() / 10.0;
            }
            System.out.printf(Locale.ROOT, "recall@10 of %d queries %.4f%n", queries, found / queries);
        }
    }

    private static List<String> texts() throws IOException {
        List<String> texts = WordNetDefinitions.all().stream()
                .map(WordNetDefinitions.Definition::definition)
                .distinct()
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(texts, new Random(1));
        return texts;
    }

    private static EmbedJob job(SparkSession spark, Path table) {
        return Embedlake.on(spark).job(JobFile.parse(String.format(JOB, table), List.of()));
    }

    private static void embed(SparkSession spark, List<String> texts, Path table) {
        List<Row> rows = new ArrayList<>();
        for (String text : texts) {
            rows.add(RowFactory.create((long) rows.size(), text));
        }
        spark.createDataFrame(rows, ITEMS).write().format("delta").save(table.toString());
        job(spark, table).run();
    }

    /** The table keeps what says how its column was made; its other rows are appended. */
    private static void multiply(SparkSession spark, Path definitions, long rows, int real, Path table)
            throws IOException {
        Files.createDirectories(table.getParent());
        for (String suffix : new String[] {"", "_embeddings", "_embeddings_runs"}) {
            org.apache.commons.io.FileUtils.copyDirectory(
                    Path.of(definitions + suffix).toFile(),
                    Path.of(table + suffix).toFile());
        }
        spark.read().format("delta").load(definitions.toString()).createOrReplaceTempView("definitions");
        spark.range(real, rows, 1, (int) Math.max(2, rows / 50_000))
                .selectExpr("id", "id % " + real + " AS base")
                .createOrReplaceTempView("wanted");
        StructType noisy = StructType.fromDDL("id BIGINT, text STRING, vector ARRAY<FLOAT>");
        spark.sql("SELECT w.id, d.text, d.vector FROM wanted w JOIN definitions d ON d.id = w.base")
                .map((MapFunction<Row, Row>) IndexBenchmark::noisy, Encoders.row(noisy))
                .write()
                .format("delta")
                .mode("append")
                .save(table.toString());
    }

    private static Row noisy(Row row) {
        SplittableRandom random = new SplittableRandom(row.getLong(0));
        List<Float> vector = row.getList(2);
        double noise = (0.1 + 0.2 * random.nextDouble()) / Math.sqrt(vector.size());
        float[] values = new float[vector.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (vector.get(i) + noise * random.nextGaussian());
        }
        return RowFactory.create(
                row.getLong(0), row.getString(1) + " (" + row.getLong(0) + ")", new ArraySeq.ofFloat(values));
    }

    private static void build(SparkSession spark, Path table) throws IOException {
        Path file = table.resolveSibling("job.yaml");
        Files.writeString(file, String.format(JOB, table));
        JobSpec job = io.embedlake.config.JobFile.load(file, List.of(), Map.of(), table.getParent());
        Tables tables = new Tables(spark);
        TargetTable target = TargetTable.open(tables, job.target().table());
        long began = System.nanoTime();
        new ColumnIndex(
                        tables,
                        ColumnIndexes.column(job, job.embeddings().get(0), target, Optional.empty()),
                        OptionalInt.empty(),
                        Clock.systemUTC())
                .build(
                        "benchmark-" + System.nanoTime(),
                        phase -> System.out.printf(
                                Locale.ROOT, "%6.1f s %s%n", (System.nanoTime() - began) / 1e9, phase));
        System.out.printf(
                Locale.ROOT, "built in %.1f s, peak heap %d MB%n", (System.nanoTime() - began) / 1e9, peakHeap() >> 20);
    }

    private static void curve(SparkSession spark, Path table) {
        Row fit = spark.read()
                .format("delta")
                .load(table + "_embeddings_index")
                .orderBy(org.apache.spark.sql.functions.col("created_at").desc())
                .first();
        List<Double> scores = fit.getList(fit.fieldIndex("scores"));
        List<Integer> cells = fit.getList(fit.fieldIndex("cells"));
        List<Double> recalls = fit.getList(fit.fieldIndex("recalls"));
        for (int band = 0; band < scores.size(); band++) {
            for (int i = 0; i < cells.size(); i++) {
                System.out.printf(
                        Locale.ROOT,
                        "curve score %.2f cells %d share %.5f recall %.4f%n",
                        scores.get(band),
                        cells.get(i),
                        (double) cells.get(i) / cells.get(cells.size() - 1),
                        recalls.get(band * cells.size() + i));
            }
        }
    }

    private static Set<Object> timed(SparkSession spark, AtomicLong jobs, String what, VectorSearch search)
            throws IOException, TimeoutException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        spark.sparkContext().listenerBus().waitUntilEmpty(10_000);
        long jobsBefore = jobs.get();
        long bytes = bytesRead();
        long processor = system.getProcessCpuTime();
        long began = System.nanoTime();
        VectorSearch.Found found = search.found();
        Set<Object> ids = new HashSet<>();
        for (Row row : found.rows().collectAsList()) {
            ids.add(row.getAs("id"));
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        double ofProcessor = (system.getProcessCpuTime() - processor) / 1e9;
        double read = (bytesRead() - bytes) / 1e6;
        spark.sparkContext().listenerBus().waitUntilEmpty(10_000);
        System.out.printf(
                Locale.ROOT,
                "%s %.3f s, %.3f s of processor time, %d Spark jobs, %.1f MB read. %s%n",
                what,
                seconds,
                ofProcessor,
                jobs.get() - jobsBefore,
                read,
                found.how());
        return ids;
    }

    /** What the process has read of files, cached by the system or not; 0 where the system does not say. */
    private static long bytesRead() throws IOException {
        Path counters = Path.of("/proc/self/io");
        return Files.isReadable(counters)
                ? Long.parseLong(Files.readAllLines(counters).get(0).replaceAll("\\D", ""))
                : 0;
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }
}
