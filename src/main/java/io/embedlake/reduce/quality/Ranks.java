package io.embedlake.reduce.quality;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Correlation of ranks (Spearman, The proof and measurement of association between two things, 1904). Stateless. */
final class Ranks {
    private Ranks() {}

    /** The correlation of the ranks of two lists of one length, equal values sharing a rank; 1 where one list has but one value. */
    static double correlation(double[] a, double[] b) {
        double[] ranksOfA = ranks(a);
        double[] ranksOfB = ranks(b);
        double middle = (a.length - 1) / 2.0;
        double products = 0;
        double squaresOfA = 0;
        double squaresOfB = 0;
        for (int i = 0; i < a.length; i++) {
            products += (ranksOfA[i] - middle) * (ranksOfB[i] - middle);
            squaresOfA += (ranksOfA[i] - middle) * (ranksOfA[i] - middle);
            squaresOfB += (ranksOfB[i] - middle) * (ranksOfB[i] - middle);
        }
        double scale = Math.sqrt(squaresOfA * squaresOfB);
        return scale > 0 ? products / scale : 1;
    }

    private static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        for (int from = 0; from < order.length; ) {
            int to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to - 1) / 2.0;
            }
            from = to;
        }
        return ranks;
    }
}
