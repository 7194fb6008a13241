package io.embedlake.ivf;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts, for some queries, rows by their cosine and by how many cells are nearer to the query than theirs: what a {@link RecallCurve} is
 * made of. Confined to one thread.
 */
public final class RecallCounts implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int BANDS = 20;
    private static final double STEP = 1.2;

    /** A query that is a row of the column finds itself. */
    private static final float SAME = 1 - 1e-5f;

    /** A band that fewer queries have rows in is taken for the one below it, whose rows are spread over more cells. */
    private static final int LEAST_QUERIES = 10;

    private final int queries;
    private final int[] cells;
    private final int[] counts;

    /**
     * Nothing yet.
     *
     * @param count how many cells there are
     */
    public RecallCounts(int queries, int count) {
        this.queries = queries;
        this.cells = steps(count);
        this.counts = new int[queries * BANDS * cells.length];
    }

    private static int[] steps(int count) {
        return IntStream.concat(
                        IntStream.iterate(1, read -> read < count, read -> Math.max(read + 1, (int) (read * STEP))),
                        IntStream.of(count))
                .toArray();
    }

    /**
     * The steps in which cells are read: for each cell the first step that reads it.
     *
     * @param order all cells, the nearest first
     */
    public static byte[] steps(int[] order) {
        int[] cells = steps(order.length);
        byte[] steps = new byte[order.length];
        for (int place = 0, step = 0; place < order.length; place++) {
            step += place < cells[step] ? 0 : 1;
            steps[order[place]] = (byte) step;
        }
        return steps;
    }

    /**
     * Adds a row.
     *
     * @param score its cosine to the query; the query itself, rows at more than a right angle and what is not a number are left out
     * @param step the first step that reads its cell
     */
    public void add(int query, float score, int step) {
        if (score >= 0 && score < SAME) {
            counts[(query * BANDS + (int) (score * BANDS)) * cells.length + step]++;
        }
    }

    /** Adds what the other one has counted. */
    public void merge(RecallCounts other) {
        Arrays.setAll(counts, i -> counts[i] + other.counts[i]);
    }

    /** What was measured. Nearer rows are spread over no more cells, so that what is known of farther ones holds for them too. */
    public RecallCurve curve() {
        List<Double> scores = new ArrayList<>();
        List<Double> recalls = new ArrayList<>();
        for (int band = 0; band < BANDS; band++) {
            List<double[]> shares = shares(band);
            if (shares.size() >= LEAST_QUERIES) {
                scores.add((double) band / BANDS);
                int below = recalls.size() - cells.length;
                for (int step = 0; step < cells.length; step++) {
                    double least = step == cells.length - 1 ? 1 : leastMean(shares, step);
                    recalls.add(below < 0 ? least : Math.max(least, recalls.get(below + step)));
                }
            }
        }
        return new RecallCurve(scores, IntStream.of(cells).boxed().toList(), recalls);
    }

    /** For each query with rows in a band: the share of them that each step finds. */
    private List<double[]> shares(int band) {
        List<double[]> shares = new ArrayList<>();
        for (int query = 0; query < queries; query++) {
            double[] found = new double[cells.length];
            long sum = 0;
            for (int step = 0; step < found.length; step++) {
                sum += counts[(query * BANDS + band) * cells.length + step];
                found[step] = sum;
            }
            if (sum > 0) {
                double all = sum;
                shares.add(Arrays.stream(found).map(rows -> rows / all).toArray());
            }
        }
        return shares;
    }

    private static double leastMean(List<double[]> shares, int step) {
        double sum = 0;
        double squares = 0;
        for (double[] share : shares) {
            sum += share[step];
            squares += share[step] * share[step];
        }
        double mean = sum / shares.size();
        double variance = Math.max(0, squares / shares.size() - mean * mean);
        return Math.max(0, mean - Math.sqrt(variance / shares.size()));
    }
}
