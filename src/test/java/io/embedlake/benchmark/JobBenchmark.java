package io.embedlake.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.config.JobFile;
import io.embedlake.config.JobSpec;
import io.embedlake.ml.TextEmbedder;
import io.embedlake.pipeline.BarePipeline;
import io.embedlake.pipeline.BatchSize;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.job.EmbeddingJob;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.Progress;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.sql.EmbedlakeCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Times the bare pipeline, the whole job, SQL's function and the stage of Spark ML on the same texts in the same JVM, in turn, and prints a line of JSON for each.
 *
 * <p>Arguments: the work folder, the platform, the number of texts, how often each is timed. The texts are left in the folder
 * as {@code texts.jsonl} for a comparator.
 */
public final class JobBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BATCH_TOKENS = 512;
    private static final int WARM_UP_TEXTS = 500;

    private final Path folder;
    private final String platform;
    private final SparkSession spark;

    private JobBenchmark(Path folder, String platform, SparkSession spark) {
        this.folder = folder;
        this.platform = platform;
        this.spark = spark;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        String platform = arguments[1];
        List<String> texts = EuroparlTexts.first(Integer.parseInt(arguments[2]));
        int rounds = Integer.parseInt(arguments[3]);
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("texts.jsonl"),
                texts.stream().map(JobBenchmark::line).collect(Collectors.joining("\n", "", "\n")));
        int threads = Runtime.getRuntime().availableProcessors();
        try (SparkSession spark = Sessions.open("benchmark", Map.of(), System.getenv());
                Embedder embedder = load(platform)) {
            BarePipeline bare = new BarePipeline(embedder, threads, BatchSize.of(BATCH_TOKENS));
            JobBenchmark benchmark = new JobBenchmark(folder, platform, spark);
            List<String> warmUp = texts.subList(0, Math.min(WARM_UP_TEXTS, texts.size()));
            bare.run(warmUp);
            benchmark.job(warmUp);
            spark.sql("SET spark.sql.catalog.embedlake=" + EmbedlakeCatalog.class.getName());
            benchmark.query();
            benchmark.stage();
            for (int round = 0; round < rounds; round++) {
                long begin = System.nanoTime();
                long tokens = bare.run(texts).tokens();
                print("bare pipeline", texts.size(), tokens, begin);
                benchmark.table(texts);
                begin = System.nanoTime();
                RunRecord report = benchmark.run();
                print("whole job", texts.size(), report.columns().get(0).tokens(), begin);
                begin = System.nanoTime();
                benchmark.query();
                print("SELECT embedlake.embed", texts.size(), tokens, begin);
                begin = System.nanoTime();
                benchmark.stage();
                print("TextEmbedder", texts.size(), tokens, begin);
            }
        }
    }

    private static Embedder load(String name) {
        Platform platform = Platforms.named(name);
        EmbedderSpec spec = platform.describe(new EmbedderRequest(Optional.empty(), Map.of()));
        return platform.load(platform.settle(spec, Device.CPU), Device.CPU);
    }

    private void job(List<String> texts) throws Exception {
        table(texts);
        run();
    }

    /** A fresh Delta table with the texts, and no store. */
    private void table(List<String> texts) throws Exception {
        for (String name : List.of(
                "source",
                "source_embeddings",
                "source_embeddings_rejected",
                "source_embeddings_reducers",
                "source_embeddings_runs")) {
            delete(folder.resolve(name));
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            rows.add(RowFactory.create((long) i, texts.get(i)));
        }
        spark.createDataFrame(rows, StructType.fromDDL("id BIGINT, text STRING"))
                .write()
                .format("delta")
                .save(folder.resolve("source").toString());
    }

    private RunRecord run() throws Exception {
        Path file = folder.resolve("job.yaml");
        Files.writeString(
                file,
                "job: benchmark\nsource: {table: delta.`" + folder.resolve("source")
                        + "`, id: id}\nembeddings:\n  - {column: embedding, attribute: text, platform: " + platform
                        + ", batch-tokens: " + BATCH_TOKENS + "}\n");
        JobSpec job = JobFile.load(file, List.of(), Map.of(), folder);
        return new EmbeddingJob(
                        spark,
                        job,
                        RunId.of(Clock.systemUTC().instant(), UUID.randomUUID()),
                        Clock.systemUTC(),
                        new Silent())
                .run();
    }

    /** The same texts with SQL's function; the vectors are computed and dropped. */
    private void query() {
        compute(spark.sql("SELECT id, embedlake.embed(text, map('platform', '" + platform + "', 'batch-tokens', '"
                + BATCH_TOKENS + "')) AS vector FROM delta.`" + folder.resolve("source") + "`"));
    }

    /** The same with the stage of Spark ML. */
    private void stage() {
        compute(new TextEmbedder()
                .setOptions("platform=" + platform, "batch-tokens=" + BATCH_TOKENS)
                .transform(spark.read()
                        .format("delta")
                        .load(folder.resolve("source").toString())));
    }

    private static void compute(Dataset<Row> rows) {
        rows.write().format("noop").mode("overwrite").save();
    }

    private static void delete(Path folder) throws Exception {
        if (Files.exists(folder)) {
            try (var paths = Files.walk(folder)) {
                for (Path path :
                        paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static String line(String text) {
        try {
            return JSON.writeValueAsString(Map.of("text", text));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void print(String what, int texts, long tokens, long begin) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                java.util.Locale.ROOT,
                "{\"what\": \"%s\", \"texts\": %d, \"tokens\": %d, \"seconds\": %.3f, \"texts_per_s\": %.1f,"
                        + " \"tokens_per_s\": %.0f}%n",
                what,
                texts,
                tokens,
                seconds,
                texts / seconds,
                tokens / seconds);
    }

    private static final class Silent implements JobObserver {
        @Override
        public void planned(WorkPlan plan) {}

        @Override
        public void phase(String what) {
            System.err.println(java.time.LocalTime.now() + " " + what);
        }

        @Override
        public void progress(Progress progress) {}
    }
}
