package io.embedlake.image;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each pixel of a window of a resized row is made of: the weights of Pillow, in fixed point. Immutable.
 *
 * @param first per pixel of the window the first of the source that counts
 * @param count per pixel of the window how many count
 * @param stride weights a pixel has room for
 * @param weights in units of 2^-{@value #PRECISION}
 */
record Weights(int[] first, int[] count, int stride, int[] weights) {
    /** Bits behind the point. */
    static final int PRECISION = 22;

    /** Images of a set have few sizes; what exceeds this is a set with many, where keeping them does not pay. */
    private static final int KEPT = 256;

    private static final Map<Key, Weights> CACHE = new ConcurrentHashMap<>();

    private record Key(int from, int to, Resample filter, int start, int length) {}

    /**
     * The weights from one length to another.
     *
     * @param start of the window in the result
     * @param length of the window
     */
    static Weights of(int from, int to, Resample filter, int start, int length) {
        Key key = new Key(from, to, filter, start, length);
        Weights known = CACHE.get(key);
        if (known != null) {
            return known;
        }
        if (CACHE.size() >= KEPT) {
            CACHE.clear();
        }
        Weights computed = compute(key);
        CACHE.put(key, computed);
        return computed;
    }

    /** The pixel of the source behind the last that counts for a pixel of the window. */
    int end(int pixel) {
        return first[pixel] + count[pixel];
    }

    private static Weights compute(Key key) {
        Resample filter = key.filter();
        double scale = (double) key.from() / key.to();
        double stretch = Math.max(scale, 1);
        double support = filter.support() * stretch;
        int stride = (int) Math.ceil(support) * 2 + 1;
        int[] first = new int[key.length()];
        int[] count = new int[key.length()];
        int[] weights = new int[key.length() * stride];
        double[] exact = new double[stride];
        for (int i = 0; i < key.length(); i++) {
            double centre = (key.start() + i + 0.5) * scale;
            int start = Math.max(0, (int) (centre - support + 0.5));
            int length = Math.min(key.from(), (int) (centre + support + 0.5)) - start;
            double sum = 0;
            for (int tap = 0; tap < length; tap++) {
                exact[tap] = filter.weight((tap + start - centre + 0.5) * (1 / stretch));
                sum += exact[tap];
            }
            for (int tap = 0; tap < length; tap++) {
                double weight = (sum == 0 ? exact[tap] : exact[tap] / sum) * (1 << PRECISION);
                weights[i * stride + tap] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
            }
            first[i] = start;
            count[i] = length;
        }
        return new Weights(first, count, stride, weights);
    }
}
