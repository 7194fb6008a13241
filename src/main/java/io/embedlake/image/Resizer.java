package io.embedlake.image;

/**
 * Resizes as Pillow does: rows first, then columns, rounding to 8 bits after each. Only what a window of the result needs is computed.
 */
final class Resizer {
    static final int ROUND = 1 << (Weights.PRECISION - 1);
    private static final int CHANNELS = Pixels.CHANNELS;

    private Resizer() {}

    /**
     * A part of the resized image.
     *
     * @param left the window's place in the resized image; the window lies within it
     */
    static Pixels window(Pixels image, ImageSize to, Resample filter, int left, int top, ImageSize window) {
        if (filter == Resample.NEAREST) {
            return nearest(image, to, left, top, window);
        }
        Weights rows = image.width() == to.width()
                ? null
                : Weights.of(image.width(), to.width(), filter, left, window.width());
        int row = window.width() * CHANNELS;
        RowPair lines = new RowPair(image, rows, left, row);
        byte[] rgb = new byte[window.height() * row];
        if (image.height() == to.height()) {
            for (int y = 0; y < window.height(); y++) {
                int[] line = lines.line(top + y, top + window.height());
                for (int i = 0; i < row; i++) {
                    rgb[y * row + i] = (byte) line[i];
                }
            }
            return new Pixels(window.width(), window.height(), rgb);
        }
        Weights columns = Weights.of(image.height(), to.height(), filter, top, window.height());
        int[][] sums = new int[window.height()][row];
        int last = window.height() - 1;
        int end = columns.end(last);
        int done = 0;
        for (int y = columns.first()[0]; y < end; y++) {
            int[] line = lines.line(y, end);
            while (columns.end(done) <= y) {
                done++;
            }
            for (int out = done; out <= last && columns.first()[out] <= y; out++) {
                add(line, columns.weights()[out * columns.stride() + y - columns.first()[out]], sums[out]);
            }
        }
        for (int y = 0; y < sums.length; y++) {
            round(sums[y], rgb, y * row);
        }
        return new Pixels(window.width(), window.height(), rgb);
    }

    /** Rows of their own with equal indices: only then the compiler makes vector instructions of the loop. */
    private static void add(int[] line, int weight, int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += line[i] * weight;
        }
    }

    private static void round(int[] sums, byte[] rgb, int to) {
        for (int i = 0; i < sums.length; i++) {
            rgb[to + i] = (byte) clamped(sums[i] + ROUND);
        }
    }

    static int clamped(int sum) {
        return Math.max(0, Math.min(255, sum >> Weights.PRECISION));
    }

    private static Pixels nearest(Pixels image, ImageSize to, int left, int top, ImageSize window) {
        int[] columns = sources(image.width(), to.width());
        int[] rows = sources(image.height(), to.height());
        byte[] source = image.rgb();
        byte[] rgb = new byte[window.width() * window.height() * CHANNELS];
        int out = 0;
        for (int y = top; y < top + window.height(); y++) {
            int start = rows[y] * image.width();
            for (int x = left; x < left + window.width(); x++) {
                int at = (start + columns[x]) * CHANNELS;
                rgb[out++] = source[at];
                rgb[out++] = source[at + 1];
                rgb[out++] = source[at + 2];
            }
        }
        return new Pixels(window.width(), window.height(), rgb);
    }

    /** The place in the source of each place in the result; the steps are added up, with their rounding, as Pillow adds them. */
    private static int[] sources(int from, int to) {
        int[] sources = new int[to];
        double step = (double) from / to;
        double place = step * 0.5;
        for (int i = 0; i < to; i++) {
            sources[i] = Math.min((int) place, from - 1);
            place += step;
        }
        return sources;
    }
}
