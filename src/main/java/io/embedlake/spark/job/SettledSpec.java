package io.embedlake.spark.job;

import io.embedlake.config.DeviceChoice;
import io.embedlake.spark.executor.ShippedModel;
import io.embedlake.spark.executor.TaskDevice;
import io.embedlake.spark.store.Failures;
import io.embedlake.spi.Device;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/**
 * Settles what a spec leaves open, once for a job: as the column or the store has it, so that a rerun on another machine mixes nothing,
 * else as all machines of the cluster compute fast and an executor finds exact enough. Immutable.
 */
public record SettledSpec(SparkContext context, DeviceChoice device) {
    /**
     * The spec without anything open.
     *
     * @param column the fingerprint of the column's vectors, if it has some
     * @param store whether the store has vectors of a spec
     */
    public EmbedderSpec of(EmbedderSpec open, Optional<String> column, Predicate<EmbedderSpec> store) {
        List<EmbedderSpec> choices = platform(open).choices(open);
        if (choices.size() == 1) {
            return choices.get(0);
        }
        return column.flatMap(made -> known(open, made))
                .or(() -> choices.stream().filter(store).findFirst())
                .orElseGet(() -> tried(open));
    }

    /** The choice that has this fingerprint, if one has. */
    public static Optional<EmbedderSpec> known(EmbedderSpec open, String fingerprint) {
        return platform(open).choices(open).stream()
                .filter(choice -> choice.fingerprint().hash().equals(fingerprint))
                .findFirst();
    }

    /** Where the work will be done; the place of the model's files is the driver's again. */
    private EmbedderSpec tried(EmbedderSpec open) {
        if (context.isLocal()) {
            Candidates here = new Candidates(open, device);
            return new Try(open, device, here.call(0)).call(0);
        }
        ShippedModel.offer(context, open);
        EmbedderSpec settled = Failures.on(
                "try the model on the executors",
                "Correct what it names and start the job again.",
                () -> onExecutors(open));
        return open.model().map(settled::at).orElse(settled);
    }

    private EmbedderSpec onExecutors(EmbedderSpec open) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(context);
        List<Integer> cores =
                IntStream.range(0, context.defaultParallelism()).boxed().toList();
        List<EmbedderSpec> candidates = spark.parallelize(cores, cores.size())
                .map(new Candidates(open, device))
                .reduce(SettledSpec::common);
        return spark.parallelize(List.of(0), 1)
                .map(new Try(open, device, candidates))
                .first();
    }

    /** What two machines have in common, in the order of the first; the choice that every machine has is among it. */
    static List<EmbedderSpec> common(List<EmbedderSpec> first, List<EmbedderSpec> second) {
        return first.stream().filter(second::contains).toList();
    }

    private static Platform platform(EmbedderSpec spec) {
        return Platforms.named(spec.platform());
    }

    private static Device taskDevice(EmbedderSpec open, DeviceChoice choice) {
        return TaskDevice.of(choice, TaskContext.get(), () -> platform(open).visibleGpus());
    }

    /** Asks the machine where it runs. Immutable. */
    private record Candidates(EmbedderSpec open, DeviceChoice choice) implements Function<Integer, List<EmbedderSpec>> {
        @Override
        public List<EmbedderSpec> call(Integer ignored) {
            return platform(open).candidates(open, taskDevice(open, choice));
        }
    }

    /** Tries on the machine where it runs. Immutable. */
    private record Try(EmbedderSpec open, DeviceChoice choice, List<EmbedderSpec> candidates)
            implements Function<Integer, EmbedderSpec> {
        @Override
        public EmbedderSpec call(Integer ignored) {
            EmbedderSpec here = ShippedModel.localise(open);
            return platform(open).settle(here, candidates, taskDevice(open, choice));
        }
    }
}
