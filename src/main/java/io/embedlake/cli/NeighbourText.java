package io.embedlake.cli;

import io.embedlake.spark.neighbours.NeighbourReport;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Prints what a join by similarity has done. Stateless. */
final class NeighbourText {
    private NeighbourText() {}

    /** For people. */
    static String of(NeighbourReport report) {
        TextTable table = new TextTable()
                .row("neighbours", number(report.neighbours()), "in " + report.table())
                .row("queries", number(report.queries()), without(report.queriesWithoutVector()))
                .row("", number(report.queriesWithoutNeighbours()), "with a vector and without a neighbour")
                .row("rows", number(report.rows()), without(report.rowsWithoutVector()))
                .row("recall", String.format(Locale.ROOT, "%.3f", report.recall()), how(report))
                .row(
                        "seconds",
                        String.format(Locale.ROOT, "%.1f", report.duration().toMillis() / 1000.0),
                        "");
        StringBuilder text = new StringBuilder(table.toString());
        for (NeighbourReport.RecallAt point : report.curve()) {
            text.append(String.format(
                    Locale.ROOT, "%,d of %,d cells: recall %.3f%n", point.cells(), report.cells(), point.recall()));
        }
        return text.toString();
    }

    private static String how(NeighbourReport report) {
        return report.cells() <= 1
                ? "all rows compared with all"
                : String.format(
                        Locale.ROOT,
                        "%,d of %,d cells visited, measured with %,d queries",
                        report.visited(),
                        report.cells(),
                        report.measured());
    }

    private static String without(long rows) {
        return number(rows) + " of them without a vector";
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** For programs: one object on a line. */
    static String json(NeighbourReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("table", report.table());
        json.put("neighbours", report.neighbours());
        json.put("queries", report.queries());
        json.put("queries_without_vector", report.queriesWithoutVector());
        json.put("queries_without_neighbours", report.queriesWithoutNeighbours());
        json.put("rows", report.rows());
        json.put("rows_without_vector", report.rowsWithoutVector());
        json.put("cells", report.cells());
        json.put("cells_visited", report.visited());
        json.put("recall", report.recall());
        json.put("measured_with", report.measured());
        json.put("tasks", report.tasks());
        json.put("seconds", report.duration().toMillis() / 1000.0);
        return JsonText.of(json) + "\n";
    }
}
