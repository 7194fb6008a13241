package io.embedlake.cli.doctor;

import io.embedlake.config.JobSpec;
import io.embedlake.config.Setting;
import io.embedlake.spi.EmbedlakeException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Examines an installation, and a job when there is one. Confined to one thread.
 *
 * @param cache where models are unpacked
 */
public record Doctor(Map<String, String> environment, Path cache) {
    /**
     * Runs all checks and reports each when it is done.
     *
     * @param job reads the job's file, when one is given
     * @param scope whether executors are examined too
     * @param found gets the name of a check and its finding
     */
    public void examine(Optional<Supplier<JobSpec>> job, Scope scope, BiConsumer<String, Finding> found) {
        examineMachine(found);
        Optional<JobSpec> read = job.flatMap(file -> read(file, found));
        Map<String, Setting> settings = read.map(JobSpec::spark).orElse(Map.of());
        try (SparkChecks spark = new SparkChecks(settings, environment)) {
            Checks checks = new Checks();
            spark.addTo(checks);
            read.ifPresent(spec -> new JobChecks(spec, spark).addTo(checks));
            checks.run(found);
            if (scope == Scope.CLUSTER) {
                Checks.guarded("executors", found, () -> new ClusterChecks(spark.session(), read, Clock.systemUTC())
                        .run(found));
            }
        }
    }

    /** What is examined. */
    public enum Scope {
        /** This machine, and what a job needs as seen from here. */
        DRIVER,
        /** Also every executor. */
        CLUSTER
    }

    /** The checks that need no Spark. */
    void examineMachine(BiConsumer<String, Finding> found) {
        Checks checks = new Checks();
        new MachineChecks(cache, MachineChecks.HEAP_OF_DRIVER).addTo(checks);
        checks.add("golden vectors", GoldenVectors::look);
        checks.run(found);
    }

    private static Optional<JobSpec> read(Supplier<JobSpec> file, BiConsumer<String, Finding> found) {
        try {
            JobSpec job = file.get();
            found.accept("job file", Finding.ok("the job " + job.job() + " is complete"));
            return Optional.of(job);
        } catch (EmbedlakeException e) {
            found.accept("job file", Finding.failed(e.kind(), e.getMessage()));
            return Optional.empty();
        }
    }
}
