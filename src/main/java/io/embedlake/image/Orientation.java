package io.embedlake.image;

/** Turns and mirrors as the orientation of EXIF asks. */
final class Orientation {
    private Orientation() {}

    /** The image as it is to be seen; of an unknown orientation unchanged. */
    static Pixels upright(Pixels image, int orientation) {
        if (orientation < 2 || orientation > 8) {
            return image;
        }
        int width = image.width();
        int height = image.height();
        // The place of the pixel (x, y) of the turned image in the stored one is first + x * right + y * down.
        int right;
        int down;
        int first;
        switch (orientation) {
            case 2 -> {
                first = width - 1;
                right = -1;
                down = width;
            }
            case 3 -> {
                first = width * height - 1;
                right = -1;
                down = -width;
            }
            case 4 -> {
                first = width * (height - 1);
                right = 1;
                down = -width;
            }
            case 5 -> {
                first = 0;
                right = width;
                down = 1;
            }
            case 6 -> {
                first = width * (height - 1);
                right = -width;
                down = 1;
            }
            case 7 -> {
                first = width * height - 1;
                right = -width;
                down = -1;
            }
            default -> {
                first = width - 1;
                right = width;
                down = -1;
            }
        }
        boolean turned = orientation >= 5;
        int columns = turned ? height : width;
        int rows = turned ? width : height;
        byte[] stored = image.rgb();
        byte[] rgb = new byte[stored.length];
        int to = 0;
        for (int y = 0; y < rows; y++) {
            int from = (first + y * down) * Pixels.CHANNELS;
            for (int x = 0; x < columns; x++) {
                rgb[to] = stored[from];
                rgb[to + 1] = stored[from + 1];
                rgb[to + 2] = stored[from + 2];
                to += Pixels.CHANNELS;
                from += right * Pixels.CHANNELS;
            }
        }
        return new Pixels(columns, rows, rgb);
    }
}
