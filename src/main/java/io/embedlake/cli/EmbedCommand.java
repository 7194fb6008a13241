package io.embedlake.cli;

import io.embedlake.EmbedJob;
import io.embedlake.RunOptions;
import io.embedlake.RunReport;
import io.embedlake.spark.run.LogNames;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.time.Duration;
import java.util.concurrent.Callable;
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

    @Mixin
    private PageOption page;

    @Option(
            names = "--refit",
            description =
                    "Fits new versions of the reductions to the texts of today, and publishes all rows anew with them.")
    private boolean refit;

    @Option(
            names = "--full",
            description = "Looks at all rows, also at those that have not changed since the last run.")
    private boolean full;

    @Option(
            names = "--follow",
            description = "Runs the job again whenever its source has a new version, until the process is stopped.")
    private boolean follows;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "With --follow: how often the source is looked at; ${DEFAULT-VALUE} seconds by default.")
    private long every;

    EmbedCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return options.run(terminal, this::embed);
    }

    private ExitCode embed(EmbedJob job) {
        RunOptions watched = page.of(RunOptions.defaults().observer(new ConsoleObserver(terminal)));
        RunOptions asked = full ? watched.full() : watched;
        if (follows) {
            return follow(job, asked);
        }
        ExitCode code = shown(terminal, options, job, job.run(refit ? asked.refit() : asked));
        search(job);
        return code;
    }

    /** More rejected texts than allowed are said, and do not end a service. */
    private ExitCode follow(EmbedJob job, RunOptions asked) {
        if (refit || every < 1) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    refit
                            ? "Cannot follow with --refit (each run would fit anew). Run embed --refit once, then embed --follow."
                            : "Cannot look at the source every " + every + " seconds (at least 1). Change --every.");
        }
        try {
            job.follow(asked, Duration.ofSeconds(every), report -> {
                shown(terminal, options, job, report);
                terminal.out().flush();
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.DONE;
    }

    /** Prints what a run did; how the command ends. */
    static ExitCode shown(Terminal terminal, JobOptions options, EmbedJob job, RunReport report) {
        terminal.out().print(options.json() ? ReportText.json(report) : ReportText.of(report, options.file()));
        try (LogNames names = LogNames.of(report.job(), report.run())) {
            if (terminal.isLog()) {
                terminal.say(ReportText.first(report));
            }
            if (report.tooManyRejected()) {
                terminal.error(ReportText.tooManyRejected(report, job.rejectedTable()));
                return ExitCode.REJECTED;
            }
            return ExitCode.DONE;
        }
    }

    /** Shows the searches of the job file. */
    private void search(EmbedJob job) {
        String column = job.columns().get(0);
        for (String query : job.searches()) {
            terminal.say("Searching " + column + " for: " + query);
            var nearest = job.search(column).query(query).k(SHOWN).rows();
            terminal.out()
                    .print(options.json() ? RowsText.json(query, nearest) : "\n" + query + "\n" + RowsText.of(nearest));
        }
    }
}
