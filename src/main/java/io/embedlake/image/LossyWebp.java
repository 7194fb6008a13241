package io.embedlake.image;

import com.twelvemonkeys.imageio.plugins.webp.vp8.VP8Frame;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferInt;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteOrder;
import javax.imageio.ImageReadParam;

/**
 * A lossy image of WebP. TwelveMonkeys decodes the planes; they become colours here, as in libwebp: in the range of video, with the
 * chrominance interpolated.
 */
final class LossyWebp {
    private LossyWebp() {}

    /**
     * The pixels of a key frame of VP8.
     *
     * @param from the frame's first byte
     * @param length its bytes
     */
    static Pixels decode(byte[] file, int from, int length, int width, int height) throws IOException {
        Readers.Input input = new Readers.Input(java.util.Arrays.copyOfRange(file, from, from + length), length);
        input.setByteOrder(ByteOrder.LITTLE_ENDIAN);
        VP8Frame frame = new VP8Frame(input, false);
        WritableRaster unused = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, 3, null);
        if (!frame.decode(unused, new ImageReadParam())) {
            throw Refusal.damaged("WebP", null);
        }
        int[] luma = plane(frame.getDebugImageYBuffer());
        int[] u = plane(frame.getDebugImageUBuffer());
        int[] v = plane(frame.getDebugImageVBuffer());
        byte[] rgb = new byte[width * height * Pixels.CHANNELS];
        for (int y = 0, to = 0; y < height; y++) {
            for (int x = 0; x < width; x++, to += Pixels.CHANNELS) {
                colour(
                        luma[y * width + x] & 0xff,
                        chroma(u, x, y, width, height),
                        chroma(v, x, y, width, height),
                        rgb,
                        to);
            }
        }
        return new Pixels(width, height, rgb);
    }

    private static int[] plane(BufferedImage gray) {
        return ((DataBufferInt) gray.getRaster().getDataBuffer()).getData();
    }

    /** Nine parts of the nearest sample, three of each of its neighbours, one of the farthest, rounded as libwebp rounds. */
    private static int chroma(int[] plane, int x, int y, int width, int height) {
        int nearX = x & ~1;
        int nearY = y & ~1;
        int farX = (x & 1) == 0 ? nearX - 2 : nearX + 2;
        int farY = (y & 1) == 0 ? nearY - 2 : nearY + 2;
        boolean isEdgeX = farX < 0 || farX >= width;
        if (farY < 0 || farY >= height) {
            farY = nearY;
        }
        int near = plane[nearY * width + nearX] & 0xff;
        int below = plane[farY * width + nearX] & 0xff;
        if (isEdgeX) {
            return (3 * near + below + 2) >> 2;
        }
        int beside = plane[nearY * width + farX] & 0xff;
        int across = plane[farY * width + farX] & 0xff;
        int diagonal = (near + beside + below + across + 8 + 2 * (beside + below)) >> 3;
        return (diagonal + near) >> 1;
    }

    private static void colour(int luma, int u, int v, byte[] rgb, int to) {
        int light = high(luma, 19077);
        rgb[to] = clamped(light + high(v, 26149) - 14234);
        rgb[to + 1] = clamped(light - high(u, 6419) - high(v, 13320) + 8708);
        rgb[to + 2] = clamped(light + high(u, 33050) - 17685);
    }

    private static int high(int value, int factor) {
        return value * factor >> 8;
    }

    private static byte clamped(int value) {
        return (byte) Math.max(0, Math.min(255, value >> 6));
    }
}
