package io.embedlake.reduce.quantize;

import java.util.Arrays;

/** The levels to which values are best rounded (Lloyd, Least squares quantization in PCM, 1982). Stateless. */
final class ScalarLevels {
    private static final int MOST_VALUES = 8192;
    private static final int ROUNDS = 30;

    private ScalarLevels() {}

    /**
     * Levels with a small squared error.
     *
     * @param values at least one; overwritten
     * @param count how many levels
     * @return ascending
     */
    static float[] fit(float[] values, int count) {
        float[] some = values.length <= MOST_VALUES ? values : evenly(values);
        Arrays.sort(some);
        double[] sums = new double[some.length + 1];
        for (int i = 0; i < some.length; i++) {
            sums[i + 1] = sums[i] + some[i];
        }
        float[] levels = new float[count];
        for (int i = 0; i < count; i++) {
            levels[i] = some[(int) ((i + 0.5) / count * some.length)];
        }
        for (int round = 0; round < ROUNDS; round++) {
            improve(levels, some, sums);
        }
        return levels;
    }

    /** Each level becomes the mean of the values that are nearest to it; one that has none stays. */
    private static void improve(float[] levels, float[] sorted, double[] sums) {
        int from = 0;
        for (int i = 0; i < levels.length; i++) {
            int to = i + 1 == levels.length ? sorted.length : from;
            if (i + 1 < levels.length) {
                float bound = (levels[i] + levels[i + 1]) / 2;
                to = lowerBound(sorted, from, bound);
            }
            if (to > from) {
                levels[i] = (float) ((sums[to] - sums[from]) / (to - from));
            }
            from = to;
        }
        // Rounding may have put two levels of the same value out of order.
        Arrays.sort(levels);
    }

    /** The first place from here on whose value is not below a bound. */
    private static int lowerBound(float[] sorted, int from, float bound) {
        int low = from;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < bound) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static float[] evenly(float[] values) {
        float[] some = new float[MOST_VALUES];
        for (int i = 0; i < some.length; i++) {
            some[i] = values[(int) ((long) i * values.length / some.length)];
        }
        return some;
    }
}
