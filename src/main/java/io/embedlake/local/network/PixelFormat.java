package io.embedlake.local.network;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How images come to a network: numbers that it multiplies with a scale and normalises itself, so that 8-bit pixels are handed over as
 * they are. Immutable.
 *
 * @param scale what a number is multiplied with
 * @param mean what is subtracted from the product, one of each of three channels
 * @param std what the difference is divided by, one of each of three channels
 * @param size the size of all images, when they have one
 */
public record PixelFormat(double scale, List<Double> mean, List<Double> std, Optional<Size> size) {
    /**
     * The size of an image in pixels.
     *
     * @param height its rows
     * @param width its columns
     */
    public record Size(int height, int width) {
        @Override
        public String toString() {
            return height + " x " + width;
        }
    }

    public PixelFormat {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
    }

    /** Numbers that are normalised already. */
    public static PixelFormat normalized(Optional<Size> size) {
        return new PixelFormat(1, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0), size);
    }

    List<Double> factors() {
        return std.stream().map(divisor -> scale / divisor).toList();
    }

    List<Double> shifts() {
        return IntStream.range(0, mean.size())
                .mapToObj(channel -> -mean.get(channel) / std.get(channel))
                .toList();
    }
}
