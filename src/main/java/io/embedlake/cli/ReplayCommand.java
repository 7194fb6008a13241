package io.embedlake.cli;

import io.embedlake.config.JobSpec;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.spark.EmbeddingJob;
import io.embedlake.spark.Refit;
import io.embedlake.spark.RunReport;
import io.embedlake.spark.store.RunId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code embedlake replay}: runs a job as {@code embed} does, and tries rejected texts again. */
@Command(
        name = "replay",
        description = "Tries rejected texts again, by the kind of what was wrong, beside whatever is not embedded yet.",
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private JobOptions options;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "TRANSIENT (the default), PROTOCOL or INVALID_INPUT: the column kind of the rejected texts."
                    + " May be repeated.")
    private List<String> kinds = new ArrayList<>(List.of(ErrorKind.TRANSIENT.name()));

    ReplayCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Set<ErrorKind> again = EnumSet.noneOf(ErrorKind.class);
        kinds.forEach(name -> again.add(kind(name)));
        return options.run(terminal, (spark, job) -> replay(spark, job, again));
    }

    private static ErrorKind kind(String name) {
        return Stream.of(ErrorKind.values())
                .filter(ErrorKind::concernsRows)
                .filter(kind -> kind.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot replay texts: --kind is " + name
                                + " (one of TRANSIENT, PROTOCOL, INVALID_INPUT). Correct it."));
    }

    private ExitCode replay(SparkSession spark, JobSpec job, Set<ErrorKind> again) {
        RunId run = RunId.of(Clock.systemUTC().instant(), UUID.randomUUID());
        RunReport report = new EmbeddingJob(
                        spark, job, Refit.NONE, run, Clock.systemUTC(), new ConsoleObserver(terminal))
                .replay(again);
        return EmbedCommand.shown(terminal, options, job, report);
    }
}
