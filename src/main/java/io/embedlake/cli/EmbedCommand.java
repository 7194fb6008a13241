package io.embedlake.cli;

import io.embedlake.config.JobSpec;
import io.embedlake.spark.ColumnSearch;
import io.embedlake.spark.EmbeddingJob;
import io.embedlake.spark.Refit;
import io.embedlake.spark.RunReport;
import io.embedlake.spark.store.RunId;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code embedlake embed}: runs a job. */
@Command(
        name = "embed",
        description = "Embeds what is not embedded yet and publishes the vector columns.",
        mixinStandardHelpOptions = true)
final class EmbedCommand implements Callable<Integer> {
    /** How many rows a search of the job file shows. */
    private static final int SHOWN = 3;

    private final Terminal terminal;

    @Mixin
    private JobOptions options;

    @Option(
            names = "--refit",
            description =
                    "Fits new versions of the reductions to the texts of today, and publishes all rows anew with them.")
    private boolean refit;

    EmbedCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return options.run(terminal, this::embed);
    }

    private ExitCode embed(SparkSession spark, JobSpec job) {
        RunId run = RunId.of(Clock.systemUTC().instant(), UUID.randomUUID());
        RunReport report = new EmbeddingJob(
                        spark,
                        job,
                        refit ? Refit.ALL : Refit.NONE,
                        run,
                        Clock.systemUTC(),
                        new ConsoleObserver(terminal))
                .run();
        ExitCode code = shown(terminal, options, job, report);
        search(spark, job);
        return code;
    }

    /** Prints what a run did; how the command ends. */
    static ExitCode shown(Terminal terminal, JobOptions options, JobSpec job, RunReport report) {
        terminal.out().print(options.json() ? ReportText.json(report) : ReportText.of(report));
        if (report.tooManyRejected()) {
            terminal.error(ReportText.tooManyRejected(
                    report, job.target().store().sibling("_rejected").toString()));
            return ExitCode.REJECTED;
        }
        return ExitCode.DONE;
    }

    /** Shows the searches of the job file. */
    private void search(SparkSession spark, JobSpec job) {
        String column = job.embeddings().get(0).column();
        for (String query : job.searches()) {
            terminal.say("Searching " + column + " for: " + query);
            var nearest = new ColumnSearch(spark, job).nearest(query, SHOWN, Optional.of(column), Optional.empty());
            terminal.out()
                    .print(options.json() ? RowsText.json(query, nearest) : "\n" + query + "\n" + RowsText.of(nearest));
        }
    }
}
