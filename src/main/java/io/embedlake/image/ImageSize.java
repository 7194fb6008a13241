package io.embedlake.image;

/**
 * The size of an image in pixels.
 *
 * @param width pixels a row
 * @param height rows
 */
public record ImageSize(int width, int height) {
    public ImageSize {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("not a size: " + width + " x " + height);
        }
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
