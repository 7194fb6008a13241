package io.embedlake.image;

/**
 * What an image file says before its pixels. Immutable.
 *
 * @param format the name of its format, such as {@code JPEG}
 * @param width pixels a row as stored, before its orientation is applied; at least 1
 * @param height rows as stored, at least 1
 */
public record ImageHeader(String format, int width, int height) {
    /** All pixels. */
    public long pixels() {
        return (long) width * height;
    }

    /** How many squares of this side cover the image. */
    public long tiles(int side) {
        return (long) ((width + side - 1) / side) * ((height + side - 1) / side);
    }
}
