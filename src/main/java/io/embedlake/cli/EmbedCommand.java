package io.embedlake.cli;

import io.embedlake.config.JobSpec;
import io.embedlake.spark.EmbeddingJob;
import io.embedlake.spark.RunReport;
import io.embedlake.spark.store.RunId;
import java.io.IOException;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code embedlake embed}: runs a job. */
@Command(
        name = "embed",
        description = "Embeds what is not embedded yet and publishes the vector columns.",
        mixinStandardHelpOptions = true)
final class EmbedCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private JobOptions options;

    EmbedCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        JobSpec job = options.load(terminal);
        RunId run = RunId.of(Clock.systemUTC().instant(), UUID.randomUUID());
        try (SparkSession spark = JobOptions.open(job, terminal)) {
            RunReport report =
                    new EmbeddingJob(spark, job, run, Clock.systemUTC(), new ConsoleObserver(terminal)).run();
            terminal.out().print(options.json() ? ReportText.json(report) : ReportText.of(report));
            if (report.tooManyRejected()) {
                terminal.error(ReportText.tooManyRejected(
                        report, job.target().store().sibling("_rejected").toString()));
                return ExitCode.REJECTED.number();
            }
            return ExitCode.DONE.number();
        }
    }
}
