package io.embedlake.reduce.quantize;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Spreads bits over dimensions so that the error of all of them together is as small as it can be. Stateless. */
final class BitBudget {
    /**
     * What share of a normal distribution's variance is left as error when its values are rounded to 1, 2, 4 ... 256 best levels (Max,
     * Quantizing for minimum distortion, 1960; beyond 32 levels by the high-resolution formula of Panter and Dite, 1951).
     */
    private static final double[] ERROR = {1, 0.3634, 0.1175, 0.03454, 0.009497, 0.002499, 0.000664, 0.000166, 0.0000415
    };

    private record Gain(int dimension, double less) {}

    private BitBudget() {}

    /**
     * How many bits each dimension gets, up to 8: one after the other to where it helps most.
     *
     * @param variances {@code [dimensions]}
     * @param bits how many bits there are; what more dimensions could not use is left
     */
    static int[] spread(double[] variances, int bits) {
        int[] spread = new int[variances.length];
        PriorityQueue<Gain> best = new PriorityQueue<>(
                Comparator.comparingDouble(Gain::less).reversed().thenComparingInt(Gain::dimension));
        for (int i = 0; i < variances.length; i++) {
            best.add(gain(i, 0, variances));
        }
        for (int left = bits; left > 0 && !best.isEmpty(); left--) {
            int dimension = best.remove().dimension();
            if (++spread[dimension] < ERROR.length - 1) {
                best.add(gain(dimension, spread[dimension], variances));
            }
        }
        return spread;
    }

    private static Gain gain(int dimension, int bits, double[] variances) {
        return new Gain(dimension, variances[dimension] * (ERROR[bits] - ERROR[bits + 1]));
    }
}
