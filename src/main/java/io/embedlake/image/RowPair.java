package io.embedlake.image;

/**
 * Rows of an image in their new width, computed two at a time: the bytes of two rows share a long, so that one multiplication serves
 * both. For one thread.
 */
final class RowPair {
    private static final int CHANNELS = Pixels.CHANNELS;
    private static final int UPPER = 32;
    private static final long ROUND = (long) Resizer.ROUND << UPPER | Resizer.ROUND;

    private final Pixels image;
    private final Weights weights;
    private final int left;
    private final int firstByte;
    private final long[] packed;
    private final int[] line;
    private final int[] next;
    private int ready = -1;

    /**
     * @param weights of the columns; null where the width stays
     * @param left the first column that is asked for, where the width stays
     * @param length values a row
     */
    RowPair(Pixels image, Weights weights, int left, int length) {
        this.image = image;
        this.weights = weights;
        this.left = left;
        this.line = new int[length];
        this.next = new int[length];
        int last = length / CHANNELS - 1;
        this.firstByte = weights == null ? left * CHANNELS : weights.first()[0] * CHANNELS;
        this.packed = new long[weights == null ? length : weights.end(last) * CHANNELS - firstByte];
    }

    /**
     * A row, one integer a byte; valid until the next but one is asked for. Rows are asked for from top to bottom, without gaps.
     *
     * @param end behind the last row that will be asked for
     */
    int[] line(int y, int end) {
        if (y == ready) {
            ready = -1;
            return next;
        }
        int following = Math.min(y + 1, end - 1);
        pack(y, following);
        if (weights == null) {
            for (int i = 0; i < line.length; i++) {
                line[i] = (int) packed[i];
                next[i] = (int) (packed[i] >> UPPER);
            }
        } else {
            resize();
        }
        ready = y + 1;
        return line;
    }

    private void pack(int y, int following) {
        byte[] rgb = image.rgb();
        int one = y * image.width() * CHANNELS + firstByte;
        int other = following * image.width() * CHANNELS + firstByte;
        for (int i = 0; i < packed.length; i++) {
            packed[i] = rgb[one + i] & 0xff | (long) (rgb[other + i] & 0xff) << UPPER;
        }
    }

    private void resize() {
        int[] all = weights.weights();
        long[] packed = this.packed;
        int stride = weights.stride();
        for (int x = 0, out = 0; out < line.length; x++, out += CHANNELS) {
            int at = weights.first()[x] * CHANNELS - firstByte;
            int tap = x * stride;
            int end = tap + weights.count()[x];
            long red = ROUND;
            long green = ROUND;
            long blue = ROUND;
            // Two taps a turn: rows have few, and a loop of single ones is mostly overhead.
            for (; tap + 1 < end; tap += 2, at += 2 * CHANNELS) {
                long weight = all[tap];
                long second = all[tap + 1];
                red += packed[at] * weight + packed[at + 3] * second;
                green += packed[at + 1] * weight + packed[at + 4] * second;
                blue += packed[at + 2] * weight + packed[at + 5] * second;
            }
            if (tap < end) {
                long weight = all[tap];
                red += packed[at] * weight;
                green += packed[at + 1] * weight;
                blue += packed[at + 2] * weight;
            }
            store(out, red);
            store(out + 1, green);
            store(out + 2, blue);
        }
    }

    private void store(int out, long sums) {
        int lower = (int) sums;
        line[out] = Resizer.clamped(lower);
        next[out] = Resizer.clamped((int) (sums - lower >> UPPER));
    }
}
