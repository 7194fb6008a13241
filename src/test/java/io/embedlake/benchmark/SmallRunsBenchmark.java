package io.embedlake.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.embedlake.config.JobFile;
import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.executor.EmbedCounters;
import io.embedlake.spark.job.EmbeddingJob;
import io.embedlake.spark.run.CommittedWave;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.store.RunId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.spark.metrics.source.CodegenMetrics$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a run over a handful of rows costs, whatever it embeds: Spark jobs and tasks, queries, commits to Delta tables, classes that
 * Spark compiles, seconds. Prints a line for each kind of run and round; in the later rounds the JVM and Spark's caches are warm.
 *
 * <p>Arguments: the work folder, rounds, and {@code phases} where each phase's share is wanted too.
 */
public final class SmallRunsBenchmark {
    private static final String JOB =
            """
            job: small
            source: {table: delta.`items`, id: id}
            %s
            embeddings:
              - {column: %s, attribute: text, platform: hashing, dimensions: 64, reduce: %s}
            """;

    private SmallRunsBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path work = Path.of(arguments[0]).toAbsolutePath();
        int rounds = Integer.parseInt(arguments[1]);
        boolean phases = arguments.length > 2 && arguments[2].equals("phases");
        try (SparkSession spark = Sessions.open("benchmark", Map.of(), System.getenv())) {
            spark.sparkContext().setLogLevel("ERROR");
            Counts counts = new Counts();
            spark.sparkContext().addSparkListener(counts);
            for (int round = 1; round <= rounds; round++) {
                Path folder = Files.createTempDirectory(Files.createDirectories(work), "small-");
                String name = String.format(Locale.ROOT, "%2d ", round);
                Runs inPlace = new Runs(
                        spark, counts, folder, phases, String.format(Locale.ROOT, JOB, "", "vector", "{method: none}"));
                items(spark, folder);
                inPlace.run(name + "first run");
                inPlace.run(name + "nothing changed");
                spark.sql("UPDATE delta.`" + folder.resolve("items") + "` SET text = 'yellow lemons' WHERE id = 1");
                inPlace.run(name + "a text changed");
                spark.sql("UPDATE delta.`" + folder.resolve("items") + "` SET text = 'red apples' WHERE id = 1");
                inPlace.run(name + "a known text came");
                spark.sql("DELETE FROM delta.`" + folder.resolve("items") + "` WHERE id = 2");
                inPlace.run(name + "looked, nothing to do");
                Runs copied = new Runs(
                        spark,
                        counts,
                        folder,
                        phases,
                        String.format(Locale.ROOT, JOB, "target: {table: delta.`copy`}", "short", "{dimensions: 2}"));
                copied.run(name + "PCA, made a copy");
            }
        }
    }

    private static void items(SparkSession spark, Path folder) {
        spark.sql(
                "CREATE TABLE delta.`" + folder.resolve("items") + "` USING delta AS SELECT * FROM VALUES"
                        + " (1L, 'red apples'), (2L, 'green pears'), (3L, NULL), (4L, NULL), (5L, 'blue plums'), (6L, 'figs') AS t(id, text)");
    }

    /** Runs of one job. Confined to one thread. */
    private static final class Runs implements JobObserver {
        private final SparkSession spark;
        private final Counts counts;
        private final Path folder;
        private final boolean phases;
        private final String yaml;
        private Cost phaseBegan = Cost.NOTHING;
        private String phase = "";
        private OptionalLong firstCommitted = OptionalLong.empty();

        Runs(SparkSession spark, Counts counts, Path folder, boolean phases, String yaml) {
            this.spark = spark;
            this.counts = counts;
            this.folder = folder;
            this.phases = phases;
            this.yaml = yaml;
        }

        void run(String what) throws IOException {
            Files.writeString(folder.resolve("job.yaml"), yaml);
            JobSpec job = JobFile.load(Path.of("job.yaml"), List.of(), Map.of(), folder);
            Clock clock = Clock.systemUTC();
            Cost before = cost();
            phaseBegan = before;
            phase = "Starting";
            firstCommitted = OptionalLong.empty();
            counts.embedded.set(0);
            long began = clock.millis();
            new EmbeddingJob(spark, job, RunId.of(clock.instant(), UUID.randomUUID()), clock, this).run();
            phaseEnds("");
            System.out.printf("%-28s %s%s%n", what, cost().since(before), firstAfter(began));
        }

        private String firstAfter(long began) {
            return firstCommitted.isEmpty()
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            "  first vectors after %.2f s, in the store after %.2f s",
                            (counts.embedded.get() - began) / 1e3,
                            (firstCommitted.getAsLong() - began) / 1e3);
        }

        private Cost cost() {
            counts.await(spark);
            return Cost.now(counts, folder);
        }

        private void phaseEnds(String next) {
            if (phases) {
                Cost now = cost();
                String name = phase.replace(folder.toString(), "");
                System.out.printf(
                        "    %-40s %s%n", name.substring(0, Math.min(40, name.length())), now.since(phaseBegan));
                phaseBegan = now;
                phase = next;
            }
        }

        @Override
        public void planned(WorkPlan plan) {
            phaseEnds("Planned");
        }

        @Override
        public void phase(String what) {
            phaseEnds(what);
        }

        @Override
        public void committed(CommittedWave wave) {
            if (firstCommitted.isEmpty()) {
                firstCommitted = OptionalLong.of(System.currentTimeMillis());
            }
        }
    }

    /** Counts what Spark starts. Thread-safe. */
    private static final class Counts extends SparkListener {
        private final AtomicInteger jobs = new AtomicInteger();
        private final AtomicInteger tasks = new AtomicInteger();
        private final AtomicInteger queries = new AtomicInteger();

        /** When the first task with texts has ended, in milliseconds of the epoch; 0 where none has. */
        private final AtomicLong embedded = new AtomicLong();

        @Override
        public void onJobStart(SparkListenerJobStart job) {
            jobs.incrementAndGet();
        }

        @Override
        public void onTaskEnd(SparkListenerTaskEnd task) {
            tasks.incrementAndGet();
            boolean hasTexts = CollectionConverters.asJava(task.taskInfo().accumulables()).stream()
                    .anyMatch(counted -> counted.name().contains(EmbedCounters.TEXTS)
                            && !counted.update().contains(0L));
            if (hasTexts) {
                embedded.compareAndSet(0, task.taskInfo().finishTime());
            }
        }

        @Override
        public void onOtherEvent(SparkListenerEvent event) {
            if (event instanceof SparkListenerSQLExecutionStart) {
                queries.incrementAndGet();
            }
        }

        /** Waits until all that has happened was counted. */
        void await(SparkSession spark) {
            try {
                spark.sparkContext().listenerBus().waitUntilEmpty(10_000);
            } catch (java.util.concurrent.TimeoutException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What has been spent so far. Immutable. */
    private record Cost(long nanos, long processorNanos, int jobs, int tasks, int queries, long commits, long classes) {
        static final Cost NOTHING = new Cost(0, 0, 0, 0, 0, 0, 0);

        static Cost now(Counts counts, Path folder) {
            OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            var compilations = CodegenMetrics$.MODULE$.METRIC_COMPILATION_TIME();
            return new Cost(
                    System.nanoTime(),
                    system.getProcessCpuTime(),
                    counts.jobs.get(),
                    counts.tasks.get(),
                    counts.queries.get(),
                    commits(folder),
                    compilations.getCount());
        }

        private static long commits(Path folder) {
            List<Path> logs = new ArrayList<>();
            try (Stream<Path> tables = Files.list(folder)) {
                tables.map(table -> table.resolve("_delta_log"))
                        .filter(Files::isDirectory)
                        .forEach(logs::add);
                long commits = 0;
                for (Path log : logs) {
                    try (Stream<Path> files = Files.list(log)) {
                        commits += files.filter(file -> file.toString().endsWith(".json"))
                                .count();
                    }
                }
                return commits;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        String since(Cost before) {
            return String.format(
                    Locale.ROOT,
                    "%6.2f s  %6.2f s of processors  %3d jobs  %3d tasks  %3d queries  %2d commits  %3d classes",
                    (nanos - before.nanos) / 1e9,
                    (processorNanos - before.processorNanos) / 1e9,
                    jobs - before.jobs,
                    tasks - before.tasks,
                    queries - before.queries,
                    commits - before.commits,
                    classes - before.classes);
        }
    }
}
