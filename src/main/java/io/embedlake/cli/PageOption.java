package io.embedlake.cli;

import io.embedlake.RunOptions;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a command that runs a job writes a page about the run. Filled by picocli; confined to one thread. */
final class PageOption {
    @Option(
            names = "--html",
            paramLabel = "FILE",
            description =
                    "Writes a page about the run when it ends, however it ends; the page loads nothing from anywhere, and has"
                            + " ids of some rows, but no texts.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--html-values",
            description = "With --html: also shows what the other columns of those rows hold, texts as well.")
    private boolean withValues;

    RunOptions of(RunOptions options) {
        if (file.isEmpty() && withValues) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot show values of rows: --html-values is set without --html (they are shown on the page). Name a file"
                            + " with --html.");
        }
        return file.map(page -> withValues ? options.pageWithValues(page) : options.page(page))
                .orElse(options);
    }
}
