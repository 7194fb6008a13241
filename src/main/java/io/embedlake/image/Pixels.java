package io.embedlake.image;

import java.util.Objects;

/**
 * An image of 8-bit RGB. The array is shared, not copied, and must not be changed.
 *
 * @param width pixels a row, at least 1
 * @param height rows, at least 1
 * @param rgb the rows from top to bottom, 3 bytes a pixel
 */
public record Pixels(int width, int height, byte[] rgb) {
    /** Bytes a pixel. */
    public static final int CHANNELS = 3;

    public Pixels {
        Objects.requireNonNull(rgb);
        if (width < 1 || height < 1 || rgb.length != (long) width * height * CHANNELS) {
            throw new IllegalArgumentException(rgb.length + " bytes are not " + width + " x " + height + " pixels");
        }
    }
}
