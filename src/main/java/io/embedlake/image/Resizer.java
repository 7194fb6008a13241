package io.embedlake.image;

/**
 * Resizes as Pillow does: rows first, then columns, rounding to 8 bits after each. Only what a window of the result needs is computed.
 */
final class Resizer {
    private static final int ROUND = 1 << (Weights.PRECISION - 1);
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
        int[] line = new int[row];
        byte[] rgb = new byte[window.height() * row];
        if (image.height() == to.height()) {
            for (int y = 0; y < window.height(); y++) {
                line(image, rows, top + y, left, line);
                for (int i = 0; i < row; i++) {
                    rgb[y * row + i] = (byte) line[i];
                }
            }
            return new Pixels(window.width(), window.height(), rgb);
        }
        Weights columns = Weights.of(image.height(), to.height(), filter, top, window.height());
        int[] sums = new int[rgb.length];
        int last = window.height() - 1;
        int done = 0;
        for (int y = columns.first()[0]; y < columns.end(last); y++) {
            line(image, rows, y, left, line);
            while (columns.end(done) <= y) {
                done++;
            }
            for (int out = done; out <= last && columns.first()[out] <= y; out++) {
                add(line, columns.weights()[out * columns.stride() + y - columns.first()[out]], sums, out * row);
            }
        }
        round(sums, rgb);
        return new Pixels(window.width(), window.height(), rgb);
    }

    /** A row of the image in its new width, one integer a byte. */
    private static void line(Pixels image, Weights rows, int y, int left, int[] line) {
        byte[] rgb = image.rgb();
        int start = y * image.width() * CHANNELS;
        if (rows == null) {
            for (int i = 0, at = start + left * CHANNELS; i < line.length; i++, at++) {
                line[i] = rgb[at] & 0xff;
            }
            return;
        }
        int[] weights = rows.weights();
        for (int x = 0, out = 0; out < line.length; x++, out += CHANNELS) {
            int at = start + rows.first()[x] * CHANNELS;
            int tap = x * rows.stride();
            int red = ROUND;
            int green = ROUND;
            int blue = ROUND;
            for (int end = tap + rows.count()[x]; tap < end; tap++, at += CHANNELS) {
                int weight = weights[tap];
                red += (rgb[at] & 0xff) * weight;
                green += (rgb[at + 1] & 0xff) * weight;
                blue += (rgb[at + 2] & 0xff) * weight;
            }
            line[out] = clamped(red);
            line[out + 1] = clamped(green);
            line[out + 2] = clamped(blue);
        }
    }

    /** The inner loop in a method of its own, which the compiler turns into vector instructions. */
    private static void add(int[] line, int weight, int[] sums, int to) {
        for (int i = 0; i < line.length; i++) {
            sums[to + i] += line[i] * weight;
        }
    }

    private static void round(int[] sums, byte[] rgb) {
        for (int i = 0; i < sums.length; i++) {
            rgb[i] = (byte) clamped(sums[i] + ROUND);
        }
    }

    private static int clamped(int sum) {
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
