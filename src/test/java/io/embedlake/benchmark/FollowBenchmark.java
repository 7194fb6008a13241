package io.embedlake.benchmark;

import io.embedlake.config.JobFile;
import io.embedlake.config.JobSpec;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.job.EmbeddingJob;
import io.embedlake.spark.job.Follow;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.EmbedlakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.SparkSession;

/**
 * Rows a second of a job that follows its source, against those of a run over the same rows as one batch, until all rows are published. The
 * commits of the source come one by one, each when the one before is published, or as fast as the batch was, whatever the follower does. In
 * all cases the table has some rows already, because a first run fits the reduction.
 *
 * <p>Arguments: the work folder, rows, commits, rounds, and the embedding's keys after the attribute. The system property {@code runs}
 * prints each run that follows, and {@code steady} leaves the commits one by one out.
 */
public final class FollowBenchmark {
    private static final int ROWS_BEFORE = 2_000;

    private final SparkSession spark;
    private final Path work;
    private final String embedding;

    private FollowBenchmark(SparkSession spark, Path work, String embedding) {
        this.spark = spark;
        this.work = work;
        this.embedding = embedding;
    }

    public static void main(String[] arguments) throws IOException {
        long rows = Long.parseLong(arguments[1]);
        int commits = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        Path work = Files.createTempDirectory(
                Files.createDirectories(Path.of(arguments[0]).toAbsolutePath()), "follow-");
        try (SparkSession spark = Sessions.open("benchmark", Map.of(), System.getenv())) {
            spark.sparkContext().setLogLevel("ERROR");
            FollowBenchmark benchmark = new FollowBenchmark(spark, work, arguments[4]);
            // Warms the session up.
            benchmark.batch(ROWS_BEFORE, 1);
            for (int round = 1; round <= rounds; round++) {
                double batch = benchmark.batch(rows, commits);
                print(round, "batch", rows, batch, batch);
                print(round, "followed, commits at the same rate", rows, benchmark.steady(rows, commits, batch), batch);
                if (!Boolean.getBoolean("steady")) {
                    print(round, "followed, a run for each commit", rows, benchmark.stepwise(rows, commits), batch);
                }
            }
        }
    }

    private static void print(int round, String what, long rows, double seconds, double batch) {
        System.out.printf(
                Locale.ROOT,
                "round %d  %-34s %7.1f s  %,8.0f rows/s  %3.0f %%%n",
                round,
                what,
                seconds,
                rows / seconds,
                100 * batch / seconds);
    }

    /** One run over all commits. */
    private double batch(long rows, int commits) throws IOException {
        Source source = new Source();
        for (int commit = 0; commit < commits; commit++) {
            source.append(rows / commits);
        }
        long begin = System.nanoTime();
        source.run();
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Each commit is written when the one before is published: the seconds of the runs alone. */
    private double stepwise(long rows, int commits) throws IOException {
        Source source = new Source();
        AtomicInteger written = new AtomicInteger();
        source.follow(rows, () -> {
            if (written.getAndIncrement() < commits) {
                source.append(rows / commits);
            }
        });
        return source.seconds;
    }

    /** Commits come at even intervals from another thread: the seconds from before the first one to the end. */
    private double steady(long rows, int commits, double seconds) throws IOException {
        Source source = new Source();
        long begin = System.nanoTime();
        ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
        try {
            for (int commit = 0; commit < commits; commit++) {
                writer.schedule(
                        () -> source.append(rows / commits),
                        Math.round(1000 * seconds * commit / commits),
                        TimeUnit.MILLISECONDS);
            }
            source.follow(rows, () -> LockSupport.parkNanos(100_000_000));
        } finally {
            writer.shutdown();
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /** A table with some rows whose job has run once. */
    private final class Source {
        private final String name = "source_" + UUID.randomUUID();
        private final JobSpec job;
        private long rows;
        private double seconds;

        Source() throws IOException {
            spark.sql("CREATE TABLE " + table() + " (id BIGINT, text STRING) USING delta");
            Files.writeString(
                    work.resolve("job.yaml"),
                    "job: " + name + "\nsource: {table: delta.`" + name + "`, id: id}\ntarget: {table: delta.`" + name
                            + "_copy`}\nembeddings:\n  - {column: vector, attribute: text, " + embedding + "}\n");
            job = JobFile.load(Path.of("job.yaml"), List.of(), Map.of(), work);
            append(ROWS_BEFORE);
            run();
            seconds = 0;
        }

        private String table() {
            return "delta.`" + work.resolve(name) + "`";
        }

        void append(long count) {
            spark.range(rows, rows + count, 1, 2)
                    .selectExpr("id", MadeUpReviews.text("id"))
                    .write()
                    .format("delta")
                    .mode("append")
                    .save(work.resolve(name).toString());
            rows += count;
        }

        RunRecord run() {
            Clock clock = Clock.systemUTC();
            long begin = System.nanoTime();
            RunRecord run = new EmbeddingJob(
                            spark, job, RunId.of(clock.instant(), UUID.randomUUID()), clock, new JobObserver() {})
                    .run();
            seconds += (System.nanoTime() - begin) / 1e9;
            return run;
        }

        /**
         * Follows it until so many rows are published.
         *
         * @param pause in place of the pause between two looks
         */
        void follow(long wanted, Runnable pause) {
            Tables tables = new Tables(spark);
            Published published = new Published();
            Follow follow = new Follow(
                    () -> tables.newestVersion(job.source().table()),
                    this::run,
                    Duration.ofSeconds(1),
                    time -> {
                        if (published.rows >= wanted) {
                            throw new InterruptedException();
                        }
                        pause.run();
                    },
                    published);
            try {
                follow.run();
            } catch (InterruptedException e) {
                // All are published.
            }
        }
    }

    /** Confined to one thread. */
    private static final class Published implements Follow.Observer {
        private long rows;

        @Override
        public void ended(RunRecord run) {
            rows += run.rowsPublished();
            if (Boolean.getBoolean("runs")) {
                System.out.printf(
                        Locale.ROOT,
                        "%s %,9d rows in %5.1f s%n",
                        run.startedAt(),
                        run.rowsPublished(),
                        run.duration().toMillis() / 1000.0);
            }
        }

        @Override
        public void failed(EmbedlakeException why, Duration pause) {
            throw why;
        }
    }
}
