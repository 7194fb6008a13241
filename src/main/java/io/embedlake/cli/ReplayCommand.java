package io.embedlake.cli;

import io.embedlake.EmbedJob;
import io.embedlake.RunOptions;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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

    @Mixin
    private PageOption page;

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
        ErrorKind[] again = kinds.stream().map(ReplayCommand::kind).toArray(ErrorKind[]::new);
        return options.run(terminal, job -> replay(job, again));
    }

    private static ErrorKind kind(String name) {
        return ErrorKind.ofRows(name)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot replay texts: --kind is " + name
                                + " (one of TRANSIENT, PROTOCOL, INVALID_INPUT). Correct it."));
    }

    private ExitCode replay(EmbedJob job, ErrorKind[] again) {
        RunOptions watched = page.of(RunOptions.defaults().observer(new ConsoleObserver(terminal)));
        return EmbedCommand.shown(terminal, options, job, job.run(watched.retry(again)));
    }
}
