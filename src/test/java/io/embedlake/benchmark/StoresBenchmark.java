package io.embedlake.benchmark;

import io.embedlake.config.JobFile;
import io.embedlake.config.JobSpec;
import io.embedlake.config.Setting;
import io.embedlake.fake.store.FaultyProxy;
import io.embedlake.fake.store.S3Mock;
import io.embedlake.fake.store.Weather;
import io.embedlake.retry.Sleeper;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.job.EmbeddingJob;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;

/**
 * Runs on S3, where each request takes 30 ms and 5 % are refused with SlowDown, beside the same runs on the local disk: a first run, one after
 * some rows have changed, and one after nothing has. Texts are hashed, so that all but the model is timed; 64 dimensions after PCA. The
 * store of S3 is a process on this machine, whose processor time counts.
 *
 * <p>Arguments: the work folder, the rows, and the rounds. System properties {@code latency} (ms), {@code slowdown} (%), {@code first}
 * (first runs alone), {@code folders} (prints the requests of each folder), {@code phases}, and {@code spark.*}.
 */
public final class StoresBenchmark {
    private static final Duration LATENCY = Duration.ofMillis(Long.getLong("latency", 30));
    private static final double SLOW_DOWN = Integer.getInteger("slowdown", 5) / 100.0;
    private static final long CHANGED_OF = 100;

    private final SparkSession spark;
    private final FaultyProxy proxy;
    private final Path work;
    private final long rows;

    private StoresBenchmark(SparkSession spark, FaultyProxy proxy, Path work, long rows) {
        this.spark = spark;
        this.proxy = proxy;
        this.work = work;
        this.rows = rows;
    }

    public static void main(String[] arguments) throws Exception {
        Path work = Files.createTempDirectory(
                Files.createDirectories(Path.of(arguments[0]).toAbsolutePath()), "stores-");
        long rows = Long.parseLong(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        try (S3Mock store = S3Mock.start(work.resolve("s3"));
                FaultyProxy proxy = new FaultyProxy(store.address(), Sleeper.REAL);
                SparkSession spark = Sessions.open("benchmark", settings(proxy), System.getenv())) {
            spark.sparkContext().setLogLevel("ERROR");
            StoresBenchmark warm = new StoresBenchmark(spark, proxy, work, Math.min(rows, 10_000));
            for (String place : List.of(work.resolve("warm").toString(), "s3a://" + S3Mock.BUCKET + "/warm")) {
                warm.table(place);
                warm.run(place);
            }
            StoresBenchmark benchmark = new StoresBenchmark(spark, proxy, work, rows);
            for (int round = 1; round <= rounds; round++) {
                benchmark.round("round" + round);
            }
        }
    }

    private static Map<String, Setting> settings(FaultyProxy proxy) {
        Map<String, Setting> settings = new TreeMap<>();
        S3Mock.settings(proxy.endpoint())
                .forEach((name, value) -> settings.put(name, new Setting.Literal(value, value)));
        return settings;
    }

    private void round(String name) throws IOException {
        String local = work.resolve(name).toString();
        String remote = "s3a://" + S3Mock.BUCKET + "/" + name;
        table(local);
        table(remote);
        compare(name + ", first run", local, remote);
        if (Boolean.getBoolean("first")) {
            return;
        }
        for (String place : List.of(local, remote)) {
            spark.sql("UPDATE delta.`" + place + "/source` SET text = concat(text, ' after all') WHERE id >= "
                    + rows / 2 + " AND id < " + (rows / 2 + rows / CHANGED_OF));
        }
        compare(name + ", " + rows / CHANGED_OF + " rows changed", local, remote);
        compare(name + ", nothing changed", local, remote);
    }

    private void table(String place) {
        spark.range(0, rows, 1, 4)
                .selectExpr("id", MadeUpReviews.text("id"))
                .write()
                .format("delta")
                .save(place + "/source");
    }

    private void compare(String what, String local, String remote) throws IOException {
        double onDisk = run(local);
        proxy.traffic().clear();
        proxy.weather(new Weather(LATENCY, SLOW_DOWN, 0, rows));
        double onStore = run(remote);
        proxy.weather(Weather.FAIR);
        long requests = proxy.traffic().total();
        System.out.printf(
                Locale.ROOT,
                "%-32s %6.1f s on disk, %6.1f s on S3: %.2f times; %,d requests (%,d refused): %s; %s%n",
                what,
                onDisk,
                onStore,
                onStore / onDisk,
                requests,
                proxy.traffic().refused(),
                proxy.traffic().byKind(),
                same(local, remote) ? "the same vectors" : "OTHER VECTORS");
        if (Boolean.getBoolean("folders")) {
            System.out.println(proxy.traffic().byFolder());
        }
    }

    private boolean same(String local, String remote) {
        return checksum(local).equals(checksum(remote));
    }

    private String checksum(String place) {
        return spark.read()
                .format("delta")
                .load(place + "/target")
                .selectExpr("count(*)", "count(vector)", "bit_xor(xxhash64(id, text, vector))")
                .first()
                .toString();
    }

    private double run(String place) throws IOException {
        Path file = work.resolve("job.yaml");
        Files.writeString(
                file,
                "job: stores\nsource: {table: delta.`" + place + "/source`, id: id}\n"
                        + "target: {table: delta.`" + place + "/target`, store: delta.`" + place + "/store`}\n"
                        + "embeddings:\n  - {column: vector, attribute: text, platform: hashing,"
                        + " reduce: {method: pca, dimensions: 64}}\n");
        JobSpec job = JobFile.load(file, List.of(), Map.of(), work);
        Clock clock = Clock.systemUTC();
        long begin = System.nanoTime();
        RunRecord run = new EmbeddingJob(
                        spark, job, RunId.of(clock.instant(), UUID.randomUUID()), clock, observer(begin))
                .run();
        if (!run.failure().isEmpty()) {
            throw new IllegalStateException(run.failure().get());
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private JobObserver observer(long begin) {
        if (!Boolean.getBoolean("phases")) {
            return new JobObserver() {};
        }
        return new JobObserver() {
            @Override
            public void phase(String what) {
                System.out.printf(
                        Locale.ROOT,
                        "  %6.1f s, %,5d requests: %s%n",
                        (System.nanoTime() - begin) / 1e9,
                        proxy.traffic().total(),
                        what);
            }
        };
    }
}
