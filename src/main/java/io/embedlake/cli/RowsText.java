package io.embedlake.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Prints the rows of a search. Stateless. */
final class RowsText {
    private RowsText() {}

    /** For people: a table. */
    static String of(Dataset<Row> rows) {
        List<Row> collected = rows.collectAsList();
        if (collected.isEmpty()) {
            return "No rows.\n";
        }
        TextTable table = new TextTable().row(List.of(rows.columns()));
        for (Row row : collected) {
            table.row(IntStream.range(0, row.size())
                    .mapToObj(i -> cell(row.get(i)))
                    .collect(Collectors.toList()));
        }
        return table.toString();
    }

    /** For programs: an object a line, the query first. */
    static String json(String query, Dataset<Row> rows) {
        Map<String, Object> start = new LinkedHashMap<>();
        start.put("query", query);
        String prefix = JsonText.of(start);
        return Arrays.stream((String[]) rows.toJSON().collect())
                .map(row -> prefix.substring(0, prefix.length() - 1) + "," + row.substring(1) + "\n")
                .collect(Collectors.joining());
    }

    private static String cell(Object value) {
        return value instanceof Double score ? String.format(Locale.ROOT, "%.3f", score) : String.valueOf(value);
    }
}
