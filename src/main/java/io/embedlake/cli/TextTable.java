package io.embedlake.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lines up text in columns for people. Mutable; confined to one thread. */
final class TextTable {
    private static final int WIDEST = 88;
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /** Adds a row; all rows have as many cells. */
    TextTable row(List<String> cells) {
        rows.add(cells.stream().map(TextTable::shortened).toList());
        return this;
    }

    /** Adds a row; all rows have as many cells. */
    TextTable row(String... cells) {
        return row(List.of(cells));
    }

    @Override
    public String toString() {
        int columns = rows.isEmpty() ? 0 : rows.get(0).size();
        List<Integer> widths = new ArrayList<>(Collections.nCopies(columns, 0));
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths.set(i, Math.max(widths.get(i), width(row.get(i))));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(i == 0 ? "" : GAP).append(row.get(i)).append(" ".repeat(widths.get(i) - width(row.get(i))));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    /** On one line and not too wide, with control characters made visible as a space. */
    private static String shortened(String cell) {
        String line = cell.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        if (width(line) <= WIDEST) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, WIDEST - 1)).stripTrailing() + "…";
    }
}
