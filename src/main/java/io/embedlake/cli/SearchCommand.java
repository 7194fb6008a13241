package io.embedlake.cli;

import io.embedlake.EmbedJob;
import io.embedlake.VectorSearch;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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

    @Option(names = "--query", required = true, description = "The text to search for. May be repeated.")
    private List<String> queries;

    @Option(names = "--k", description = "How many rows (default: ${DEFAULT-VALUE}).")
    private int k = 10;

    @Option(names = "--where", description = "A SQL condition that rows must meet.")
    private Optional<String> where = Optional.empty();

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
        VectorSearch one = column.map(job::search).orElseGet(job::search).k(k);
        VectorSearch search = where.map(one::where).orElse(one);
        for (String query : queries) {
            Dataset<Row> nearest = search.query(query).rows();
            terminal.out()
                    .print(
                            options.json()
                                    ? RowsText.json(query, nearest)
                                    : (queries.size() > 1 ? "\n" + query + "\n" : "") + RowsText.of(nearest));
        }
        return ExitCode.DONE;
    }
}
