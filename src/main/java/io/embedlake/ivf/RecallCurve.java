package io.embedlake.ivf;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The recall of reading the nearest cells, measured with vectors whose nearest neighbours are known. Immutable.
 *
 * @param neighbours ascending: numbers of nearest neighbours
 * @param cells ascending: numbers of cells read, the last one all
 * @param recalls {@code [neighbours][cells]}, row after row: the mean share of the neighbours that are in these cells, less its standard
 *     error, 0 to 1
 */
public record RecallCurve(List<Integer> neighbours, List<Integer> cells, List<Double> recalls) {
    /** The most neighbours that a curve is measured for. */
    public static final int MOST_NEIGHBOURS = 1000;

    private static final int[] NEIGHBOURS = {1, 2, 5, 10, 20, 50, 100, 200, 500, MOST_NEIGHBOURS};
    private static final double STEP = 1.2;

    public RecallCurve {
        neighbours = List.copyOf(neighbours);
        cells = List.copyOf(cells);
        recalls = List.copyOf(recalls);
        if (cells.isEmpty() || recalls.size() != neighbours.size() * cells.size()) {
            throw new IllegalArgumentException(recalls.size() + " recalls for " + neighbours.size()
                    + " numbers of neighbours and " + cells.size() + " of cells");
        }
    }

    /**
     * Measures.
     *
     * @param count how many cells there are
     * @param ranks for each query the neighbours, nearest first: the place of each one's cell among the cells nearest to the query, from 0
     */
    public static RecallCurve of(int count, List<int[]> ranks) {
        int shortest = ranks.stream().mapToInt(places -> places.length).min().orElse(0);
        List<Integer> neighbours = IntStream.of(NEIGHBOURS)
                .filter(number -> number <= shortest)
                .boxed()
                .toList();
        List<Integer> cells = new ArrayList<>();
        for (int read = 1; read < count; read = Math.max(read + 1, (int) (read * STEP))) {
            cells.add(read);
        }
        cells.add(count);
        List<Double> recalls = new ArrayList<>();
        for (int number : neighbours) {
            for (int read : cells) {
                recalls.add(read == count ? 1 : recall(ranks, number, read));
            }
        }
        return new RecallCurve(neighbours, cells, recalls);
    }

    private static double recall(List<int[]> ranks, int neighbours, int cells) {
        double sum = 0;
        double squares = 0;
        for (int[] places : ranks) {
            double share = IntStream.of(places)
                            .limit(neighbours)
                            .filter(place -> place < cells)
                            .count()
                    / (double) neighbours;
            sum += share;
            squares += share * share;
        }
        double mean = sum / ranks.size();
        double variance = Math.max(0, squares / ranks.size() - mean * mean);
        return Math.max(0, mean - Math.sqrt(variance / ranks.size()));
    }

    /** How many cells there are. */
    public int count() {
        return cells.get(cells.size() - 1);
    }

    /**
     * How many cells must be read.
     *
     * @param nearest how many neighbours are wanted
     * @param recall the share of them that must be found on average, 0 to 1
     * @return nothing where all cells must be read, or the curve says nothing about so many neighbours
     */
    public OptionalInt cells(long nearest, double recall) {
        for (int row = 0; row < neighbours.size(); row++) {
            if (neighbours.get(row) >= nearest) {
                int from = row * cells.size();
                return IntStream.range(0, cells.size() - 1)
                        .filter(i -> recalls.get(from + i) >= recall)
                        .map(cells::get)
                        .findFirst();
            }
        }
        return OptionalInt.empty();
    }
}
