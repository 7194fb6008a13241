package io.embedlake.image;

/**
 * What an image file may hold at most; checked against its header, before memory is allocated for its pixels.
 *
 * @param maxBytes bytes of the file
 * @param maxPixels width times height
 */
public record ImageLimits(long maxBytes, long maxPixels) {
    /** 100 MB, and the number of pixels from which on Pillow warns of a decompression bomb: a quarter of a GiB of RGB. */
    public static final ImageLimits DEFAULT = new ImageLimits(100_000_000, 89_478_485);

    public ImageLimits {
        if (maxBytes < 1 || maxPixels < 1) {
            throw new IllegalArgumentException(
                    "limits must be positive: " + maxBytes + " bytes, " + maxPixels + " pixels");
        }
    }
}
