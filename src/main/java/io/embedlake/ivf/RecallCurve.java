package io.embedlake.ivf;

import java.io.Serializable;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The recall of reading the nearest cells, by how near the rows are that are looked for: those that are farther from a query are spread over
 * more cells, whether the query is like rows of the column or like none. Immutable.
 *
 * @param scores ascending: the least cosine of each band; a band ends where the next one begins
 * @param cells ascending: numbers of cells read, the last one all
 * @param recalls {@code [scores][cells]}, row after row: the mean share of a band's rows that are in these cells, less its standard error,
 *     0 to 1
 */
public record RecallCurve(List<Double> scores, List<Integer> cells, List<Double> recalls) implements Serializable {
    public RecallCurve {
        scores = List.copyOf(scores);
        cells = List.copyOf(cells);
        recalls = List.copyOf(recalls);
        if (cells.isEmpty() || recalls.size() != scores.size() * cells.size()) {
            throw new IllegalArgumentException(recalls.size() + " recalls for " + scores.size()
                    + " bands of scores and " + cells.size() + " numbers of cells");
        }
    }

    /** How many cells there are. */
    public int count() {
        return cells.get(cells.size() - 1);
    }

    /**
     * How many cells must be read.
     *
     * @param score the cosine of the farthest row that is looked for
     * @param recall the share of such rows that must be found on average, 0 to 1
     * @return nothing where all cells must be read, or no rows were measured that are so far
     */
    public OptionalInt cells(double score, double recall) {
        int band = (int) scores.stream().filter(least -> least <= score).count() - 1;
        if (band < 0) {
            return OptionalInt.empty();
        }
        int from = band * cells.size();
        return IntStream.range(0, cells.size() - 1)
                .filter(i -> recalls.get(from + i) >= recall)
                .map(cells::get)
                .findFirst();
    }
}
