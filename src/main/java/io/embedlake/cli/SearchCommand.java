package io.embedlake.cli;

import io.embedlake.EmbedJob;
import io.embedlake.VectorSearch;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code embedlake search}: prints the rows nearest to a query. */
@Command(
        name = "search",
        description = "Embeds a query like the column and prints the rows nearest to it.",
        mixinStandardHelpOptions = true)
final class SearchCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private JobOptions options;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private Queries queries;

    /** What to search for: texts, images, or both. */
    private static final class Queries {
        @Option(names = "--query", description = "The text to search for. May be repeated.")
        private List<String> texts = List.of();

        @Option(names = "--query-image", description = "The file of an image to search for. May be repeated.")
        private List<Path> images = List.of();
    }

    @Option(names = "--k", description = "How many rows (default: ${DEFAULT-VALUE}).")
    private int k = 10;

    @Option(names = "--where", description = "A SQL condition that rows must meet.")
    private Optional<String> where = Optional.empty();

    @Option(
            names = "--recall",
            description =
                    "The share of the nearest rows that must be found on average, where the column has an index: it decides"
                            + " how much is read; 1 reads the whole column (default: ${DEFAULT-VALUE}).")
    private double recall = 0.95;

    @Option(names = "--column", description = "The vector column, when the job has several.")
    private Optional<String> column = Optional.empty();

    SearchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return options.run(terminal, this::search);
    }

    private ExitCode search(EmbedJob job) {
        VectorSearch one = column.map(job::search).orElseGet(job::search).k(k).recall(recall);
        VectorSearch search = where.map(one::where).orElse(one);
        for (String text : queries.texts) {
            print(text, search.query(text).found());
        }
        for (Path image : queries.images) {
            print(image.toString(), search.query(content(image)).found());
        }
        return ExitCode.DONE;
    }

    private void print(String query, VectorSearch.Found found) {
        Dataset<Row> nearest = found.rows();
        boolean isAlone = queries.texts.size() + queries.images.size() == 1;
        terminal.out()
                .print(
                        options.json()
                                ? RowsText.json(query, nearest)
                                : (isAlone ? "" : "\n" + query + "\n") + RowsText.of(nearest));
        if (!found.how().isEmpty()) {
            terminal.say(found.how());
        }
    }

    private static byte[] content(Path image) {
        try {
            return Files.readAllBytes(image);
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot search for an image: " + image + " (the file cannot be read: " + e.getMessage()
                            + "). Name a file of this machine in --query-image.",
                    e);
        }
    }
}
