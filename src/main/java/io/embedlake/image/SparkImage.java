package io.embedlake.image;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The struct of Spark's image source as bytes: a line {@code SPARKIMAGE width height mode}, then its data, rows from top to bottom.
 *
 * @param start of the data in the file
 * @param mode of OpenCV: 0 gray, 16 blue, green and red, 24 with alpha
 */
record SparkImage(byte[] file, int start, long width, long height, int mode) implements ImageFile {
    private static final Pattern LINE = Pattern.compile("SPARKIMAGE ([0-9]{1,9}) ([0-9]{1,9}) (-?[0-9]{1,9})\n");
    private static final int MAX_LINE = 64;
    private static final int GRAY = 0;
    private static final int BGR = 16;
    private static final int BGRA = 24;

    @Override
    public String format() {
        return "Spark's image";
    }

    @Override
    public int orientation() {
        return Exif.UPRIGHT;
    }

    static boolean isOne(byte[] file) {
        return line(file).lookingAt();
    }

    static SparkImage of(byte[] file) {
        Matcher line = line(file);
        line.lookingAt();
        return new SparkImage(
                file,
                line.end(),
                Long.parseLong(line.group(1)),
                Long.parseLong(line.group(2)),
                Integer.parseInt(line.group(3)));
    }

    private static Matcher line(byte[] file) {
        int length = ImageFile.startsWith(file, 0, 'S', 'P', 'A', 'R', 'K') ? Math.min(file.length, MAX_LINE) : 0;
        return LINE.matcher(new String(file, 0, length, StandardCharsets.ISO_8859_1));
    }

    @Override
    public Pixels decode() {
        int channels =
                switch (mode) {
                    case GRAY -> 1;
                    case BGR -> 3;
                    case BGRA -> 4;
                    default -> throw Refusal.unsupported("an image of Spark in mode " + mode);
                };
        int pixels = (int) (width * height);
        if (file.length - start != (long) pixels * channels) {
            throw Refusal.of("it is damaged (its data do not have the size that its width, height and mode ask for)");
        }
        int green = channels == 1 ? 0 : 1;
        int red = channels == 1 ? 0 : 2;
        byte[] rgb = new byte[pixels * Pixels.CHANNELS];
        for (int from = start, to = 0; to < rgb.length; from += channels, to += Pixels.CHANNELS) {
            rgb[to] = file[from + red];
            rgb[to + 1] = file[from + green];
            rgb[to + 2] = file[from];
        }
        return new Pixels((int) width, (int) height, rgb);
    }
}
