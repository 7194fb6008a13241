package io.embedlake.ivf;

import java.util.ArrayList;
import java.util.List;

/**
 * Which share of the true neighbours is found by the number of cells that are visited, measured with some queries. Confined to one thread.
 */
public final class MeasuredRecall {
    /** So many standard errors between what is measured and what is relied upon. */
    private static final double MARGIN = 2;

    private final int cells;
    private final List<int[]> found = new ArrayList<>();

    /** Nothing measured yet. */
    public MeasuredRecall(int cells) {
        this.cells = cells;
    }

    /**
     * Adds a query.
     *
     * @param ranks for each of its true neighbours, how many cells are nearer to the query than the neighbour's cell; a query without
     *     neighbours says nothing
     */
    public void add(int[] ranks) {
        if (ranks.length > 0) {
            int[] sorted = ranks.clone();
            java.util.Arrays.sort(sorted);
            found.add(sorted);
        }
    }

    /** How many queries with neighbours there were. */
    public int queries() {
        return found.size();
    }

    /** The mean recall of queries that visit their {@code n} nearest cells; 1 where there are none. */
    public double recall(int n) {
        return found.isEmpty()
                ? 1
                : found.stream()
                        .mapToDouble(ranks -> recall(ranks, n))
                        .average()
                        .orElse(1);
    }

    /** How many cells have to be visited so that the recall is at least this, with a margin for the size of the sample. */
    public int needed(double recall) {
        int from = 1;
        int to = cells;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (lowerBound(middle) >= recall) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }

    private double lowerBound(int n) {
        if (found.isEmpty()) {
            return 0;
        }
        double mean = recall(n);
        double variance = found.stream()
                .mapToDouble(ranks -> recall(ranks, n) - mean)
                .map(difference -> difference * difference)
                .average()
                .orElse(0);
        // Few queries that all find everything do not prove that every query does.
        double least = 1.0 / (4 * found.size());
        return mean - MARGIN * Math.sqrt((variance + least) / found.size());
    }

    private static double recall(int[] ranks, int n) {
        int at = java.util.Arrays.binarySearch(ranks, n);
        while (at > 0 && ranks[at - 1] == n) {
            at--;
        }
        return (double) (at < 0 ? -at - 1 : at) / ranks.length;
    }
}
