package io.embedlake.local.network;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Images of one size, side by side. Immutable by convention.
 *
 * @param images how many images: B
 * @param height the rows of each
 * @param width the columns of each
 * @param numbers their pixels, {@code [B, height, width, 3]} in row-major order: a {@link ByteBuffer} of unsigned bytes or a
 *     {@link FloatBuffer}
 */
public record PixelBatch(int images, int height, int width, Buffer numbers) {
    /** Images of 8 bits a number, {@code [height, width, 3]} each. */
    public static PixelBatch ofBytes(int height, int width, List<byte[]> images) {
        ByteBuffer numbers = ByteBuffer.allocateDirect(images.size() * height * width * 3);
        images.forEach(numbers::put);
        return new PixelBatch(images.size(), height, width, numbers.flip());
    }

    /** Images of floats, {@code [height, width, 3]} each. */
    public static PixelBatch ofFloats(int height, int width, List<float[]> images) {
        FloatBuffer numbers = FloatBuffer.allocate(images.size() * height * width * 3);
        images.forEach(numbers::put);
        return new PixelBatch(images.size(), height, width, numbers.flip());
    }
}
