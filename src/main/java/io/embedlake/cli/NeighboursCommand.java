package io.embedlake.cli;

import io.embedlake.EmbedJob;
import io.embedlake.VectorNeighbours;
import io.embedlake.spark.neighbours.NeighbourReport;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code embedlake neighbours}: the nearest rows for each row of a table. */
@Command(
        name = "neighbours",
        description =
                "Finds the nearest rows for each row of the job's target, in another table or in itself, and writes"
                        + " them into a Delta table: query_<id>, rank, neighbour_<id>, score.",
        mixinStandardHelpOptions = true)
final class NeighboursCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private JobOptions options;

    @Option(names = "--column", description = "The vector column, when the job has several.")
    private Optional<String> column = Optional.empty();

    @Option(names = "--where", description = "A SQL condition on the rows that get neighbours.")
    private Optional<String> where = Optional.empty();

    @Option(
            names = "--in",
            paramLabel = "TABLE",
            description = "The table that neighbours are among (default: the same).")
    private Optional<String> in = Optional.empty();

    @Option(names = "--in-column", description = "Its vector column (default: of the same name).")
    private Optional<String> columnIn = Optional.empty();

    @Option(
            names = "--in-id",
            split = ",",
            description = "The columns that name its rows (default: those of the job that made the vectors).")
    private List<String> idsIn = List.of();

    @Option(names = "--in-where", description = "A SQL condition on the rows that neighbours are among.")
    private Optional<String> whereIn = Optional.empty();

    @Option(names = "--k", description = "How many neighbours a row gets (default: ${DEFAULT-VALUE}).")
    private int k = 10;

    @Option(names = "--recall", description = "The share of the true neighbours to find (default: ${DEFAULT-VALUE}).")
    private double recall = 0.95;

    @Option(names = "--exact", description = "Compares all rows with all.")
    private boolean isExact;

    @Option(names = "--min-score", description = "The least cosine similarity of neighbours, -1 to 1.")
    private Optional<Double> minScore = Optional.empty();

    @Option(
            names = "--into",
            paramLabel = "TABLE",
            description = "The Delta table of the result (default: the target's name with _neighbours).")
    private Optional<String> into = Optional.empty();

    NeighboursCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return options.run(terminal, this::find);
    }

    private ExitCode find(EmbedJob job) {
        VectorNeighbours join = column.map(job::neighbours)
                .orElseGet(job::neighbours)
                .k(k)
                .recall(isExact ? 1 : recall)
                .observer(new ConsoleObserver(terminal));
        if (in.isPresent() || columnIn.isPresent()) {
            String own = column.orElseGet(() -> job.columns().get(0));
            join = join.in(in.orElseGet(job::target), columnIn.orElse(own));
        }
        join = idsIn.isEmpty() ? join : join.idIn(idsIn.toArray(String[]::new));
        join = where.map(join::where).orElse(join);
        join = whereIn.map(join::whereIn).orElse(join);
        join = minScore.map(join::minScore).orElse(join);
        NeighbourReport report = into.map(join::into).orElse(join).run();
        terminal.out().print(options.json() ? NeighbourText.json(report) : NeighbourText.of(report));
        return ExitCode.DONE;
    }
}
