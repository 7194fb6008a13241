package io.embedlake.cli;

import io.embedlake.EmbedJob;
import io.embedlake.EvaluateOptions;
import io.embedlake.cli.evaluate.EvaluationPage;
import io.embedlake.spark.evaluate.Evaluation;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code embedlake evaluate}: what reductions keep of a column's own vectors. */
@Command(
        name = "evaluate",
        description =
                "Shows what the column's reduction and others of its size and smaller keep of its own vectors. Writes nothing to"
                        + " tables.",
        mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
    private static final int MOST_ROWS = 1_000_000;

    private final Terminal terminal;

    @Mixin
    private JobOptions options;

    @Option(names = "--column", description = "The vector column, when the job has several.")
    private Optional<String> column = Optional.empty();

    @Option(
            names = "--rows",
            description =
                    "How many vectors are drawn at random, as far as 64 MiB hold them (default: ${DEFAULT-VALUE}).")
    private int rows = 10_000;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Writes a page with plots, which loads nothing from anywhere.")
    private Optional<Path> html = Optional.empty();

    @Option(
            names = "--color-by",
            paramLabel = "COLUMN",
            description = "The source's column that colours the page's map.")
    private Optional<String> colorBy = Optional.empty();

    EvaluateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (rows < 1 || rows > MOST_ROWS) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot evaluate: --rows is " + rows + " (from 1 to 1,000,000). Correct it.");
        }
        return options.run(terminal, this::evaluate);
    }

    private ExitCode evaluate(EmbedJob job) {
        EvaluateOptions asked = EvaluateOptions.defaults().rows(rows).observer(new ConsoleObserver(terminal));
        EvaluateOptions named = column.map(asked::column).orElse(asked);
        Evaluation evaluation = job.evaluate(colorBy.map(named::colorBy).orElse(named));
        terminal.out().print(options.json() ? EvaluationText.json(evaluation) : EvaluationText.of(evaluation));
        html.ifPresent(file -> write(file, EvaluationPage.of(evaluation)));
        return ExitCode.DONE;
    }

    private void write(Path file, String page) {
        try {
            Files.writeString(file, page);
            terminal.say("Wrote " + file);
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot write the page " + file + " (" + e.getClass().getSimpleName()
                            + "). Name a file in a folder that is there and can be written with --html.",
                    e);
        }
    }
}
