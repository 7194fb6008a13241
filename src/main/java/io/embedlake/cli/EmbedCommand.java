package io.embedlake.cli;

import io.embedlake.EmbedJob;
import io.embedlake.RunOptions;
import io.embedlake.RunReport;
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

    @Option(
            names = "--refit",
            description =
                    "Fits new versions of the reductions to the texts of today, and publishes all rows anew with them.")
    private boolean refit;

    @Option(
            names = "--full",
            description = "Looks at all rows, also at those that have not changed since the last run.")
    private boolean full;

    EmbedCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return options.run(terminal, this::embed);
    }

    private ExitCode embed(EmbedJob job) {
        RunOptions watched = RunOptions.defaults().observer(new ConsoleObserver(terminal));
        RunOptions asked = full ? watched.full() : watched;
        ExitCode code = shown(terminal, options, job, job.run(refit ? asked.refit() : asked));
        search(job);
        return code;
    }

    /** Prints what a run did; how the command ends. */
    static ExitCode shown(Terminal terminal, JobOptions options, EmbedJob job, RunReport report) {
        terminal.out().print(options.json() ? ReportText.json(report) : ReportText.of(report, options.file()));
        if (report.tooManyRejected()) {
            terminal.error(ReportText.tooManyRejected(report, job.rejectedTable()));
            return ExitCode.REJECTED;
        }
        return ExitCode.DONE;
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
