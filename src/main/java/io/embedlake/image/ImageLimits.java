package io.embedlake.image;

import java.util.Map;
import java.util.Optional;

/**
 * What an image file may hold at most; checked against its header, before memory is allocated for its pixels.
 *
 * @param maxBytes bytes of the file
 * @param maxPixels width times height
 */
public record ImageLimits(long maxBytes, long maxPixels) {
    /** 100 MB, and the number of pixels from which on Pillow warns of a decompression bomb: a quarter of a GiB of RGB. */
    public static final ImageLimits DEFAULT = new ImageLimits(100_000_000, 89_478_485);

    /** The option that sets {@link #maxBytes}. */
    public static final String MAX_BYTES = "images.max-bytes";

    /** The option that sets {@link #maxPixels}. */
    public static final String MAX_PIXELS = "images.max-pixels";

    public ImageLimits {
        if (maxBytes < 1 || maxPixels < 1) {
            throw new IllegalArgumentException(
                    "limits must be positive: " + maxBytes + " bytes, " + maxPixels + " pixels");
        }
    }

    /** What options say, by name; the default where they say nothing. */
    public static ImageLimits of(Map<String, String> options) {
        return new ImageLimits(
                limit(options, MAX_BYTES, DEFAULT.maxBytes), limit(options, MAX_PIXELS, DEFAULT.maxPixels));
    }

    private static long limit(Map<String, String> options, String name, long otherwise) {
        return Optional.ofNullable(options.get(name)).map(Long::parseLong).orElse(otherwise);
    }
}
