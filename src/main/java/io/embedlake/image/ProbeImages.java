package io.embedlake.image;

import io.embedlake.spi.Input;
import java.util.List;
import java.util.stream.IntStream;

/** Images on which models are tried: surfaces, waves, discs and noise, of several shapes, drawn by rule. Stateless. */
public final class ProbeImages {
    private static final int COUNT = 24;
    private static final int[] WIDTHS = {96, 240, 384, 160};
    private static final int[] HEIGHTS = {96, 160, 240, 384};
    private static final int HEADER = 54;
    private static final int DEPTH = 24;
    private static final int RECIPES = 4;

    /** Their files; of several sizes. */
    public static final List<Input> ALL = IntStream.range(0, COUNT)
            .mapToObj(ProbeImages::drawn)
            .map(Input::of)
            .toList();

    private ProbeImages() {}

    /** A bitmap file without compression. */
    private static byte[] drawn(int number) {
        int width = WIDTHS[number % WIDTHS.length];
        int height = HEIGHTS[number % HEIGHTS.length];
        byte[] file = new byte[HEADER + width * height * 3];
        file[0] = 'B';
        file[1] = 'M';
        put(file, 2, file.length);
        put(file, 10, HEADER);
        put(file, 14, HEADER - 14);
        put(file, 18, width);
        put(file, 22, height);
        file[26] = 1;
        file[28] = DEPTH;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int colour = 0; colour < 3; colour++) {
                    int at = HEADER + (y * width + x) * 3 + colour;
                    file[at] = (byte) value(number, (double) x / width, (double) y / height, colour);
                }
            }
        }
        return file;
    }

    private static void put(byte[] file, int at, int number) {
        for (int i = 0; i < Integer.BYTES; i++) {
            file[at + i] = (byte) (number >>> (8 * i));
        }
    }

    /** A value from 0 to 255 at a place from 0 to 1. */
    private static int value(int number, double x, double y, int colour) {
        double phase = number * 0.7 + colour * 1.9;
        double shade =
                switch (number % RECIPES) {
                    case 0 -> 0.5 + 0.5 * Math.sin(phase) * (x - y) + 0.2 * Math.cos(phase);
                    case 1 -> 0.5 + 0.4 * Math.sin(phase + (number + 2) * x) * Math.cos(phase - (number + 5) * y);
                    case 2 -> Math.hypot(x - 0.5, y - 0.4) < 0.1 + 0.01 * number ? 0.9 - 0.2 * colour : 0.2 + 0.2 * y;
                    default -> fraction(Math.sin(x * 12_989.8 + y * 78_233 + phase) * 43_758.5453);
                };
        return (int) Math.round(255 * Math.max(0, Math.min(1, shade)));
    }

    private static double fraction(double number) {
        return number - Math.floor(number);
    }
}
