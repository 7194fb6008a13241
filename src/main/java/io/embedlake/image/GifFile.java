package io.embedlake.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.imageio.ImageReader;

/**
 * GIF: the first frame on the whole screen. What the frame does not cover has the transparent colour, or else the first of the palette,
 * as in Pillow.
 *
 * @param file as it is
 * @param width of the screen, or of the frame where that reaches farther
 * @param left the frame's place
 * @param top the frame's place
 * @param transparent the index, 0 without one
 */
record GifFile(byte[] file, long width, long height, int left, int top, int transparent) implements ImageFile {
    private static final int SCREEN = 13;
    private static final int EXTENSION = 0x21;
    private static final int CONTROL = 0xf9;
    private static final int FRAME = 0x2c;
    private static final int HAS_PALETTE = 0x80;

    @Override
    public String format() {
        return "GIF";
    }

    @Override
    public int orientation() {
        return Exif.UPRIGHT;
    }

    static GifFile of(byte[] file) {
        ByteBuffer numbers = ImageFile.numbers(file, ByteOrder.LITTLE_ENDIAN);
        int transparent = 0;
        int at = SCREEN + paletteBytes(numbers.get(10));
        while (numbers.get(at) == EXTENSION) {
            if ((numbers.get(at + 1) & 0xff) == CONTROL && (numbers.get(at + 3) & 1) != 0) {
                transparent = numbers.get(at + 6) & 0xff;
            }
            at = behindBlocks(numbers, at + 2);
        }
        if (numbers.get(at) != FRAME) {
            throw Refusal.of("it is damaged (a GIF file without a frame)");
        }
        int left = numbers.getShort(at + 1) & 0xffff;
        int top = numbers.getShort(at + 3) & 0xffff;
        int columns = numbers.getShort(at + 5) & 0xffff;
        int rows = numbers.getShort(at + 7) & 0xffff;
        // Ends with an exception in a file that is cut off.
        behindBlocks(numbers, at + 10 + paletteBytes(numbers.get(at + 9)) + 1);
        return new GifFile(
                file,
                Math.max(numbers.getShort(6) & 0xffff, left + columns),
                Math.max(numbers.getShort(8) & 0xffff, top + rows),
                left,
                top,
                transparent);
    }

    private static int paletteBytes(byte flags) {
        return (flags & HAS_PALETTE) == 0 ? 0 : Pixels.CHANNELS << (flags & 7) + 1;
    }

    private static int behindBlocks(ByteBuffer numbers, int from) {
        int at = from;
        while (numbers.get(at) != 0) {
            at += 1 + (numbers.get(at) & 0xff);
        }
        return at + 1;
    }

    @Override
    public Pixels decode() throws IOException {
        ImageReader reader = Readers.GIF.open(file, file.length);
        try {
            boolean[] isCutOff = new boolean[1];
            reader.addIIOReadWarningListener((source, warning) -> isCutOff[0] = true);
            BufferedImage frame = reader.read(0);
            if (isCutOff[0]) {
                throw Refusal.cutOff(format());
            }
            return onScreen(frame.getRaster(), (IndexColorModel) frame.getColorModel());
        } finally {
            reader.dispose();
        }
    }

    private Pixels onScreen(Raster frame, IndexColorModel palette) {
        Pixels pixels = Rasters.ofPalette(frame, palette);
        if (pixels.width() == width && pixels.height() == height) {
            return pixels;
        }
        int rest = Rasters.colours(palette)[transparent];
        byte[] rgb = new byte[(int) (width * height) * Pixels.CHANNELS];
        byte[] colour = {(byte) (rest >> 16), (byte) (rest >> 8), (byte) rest};
        if (!Arrays.equals(colour, new byte[Pixels.CHANNELS])) {
            for (int i = 0; i < rgb.length; i += Pixels.CHANNELS) {
                System.arraycopy(colour, 0, rgb, i, Pixels.CHANNELS);
            }
        }
        int row = pixels.width() * Pixels.CHANNELS;
        for (int y = 0; y < pixels.height(); y++) {
            int to = ((top + y) * (int) width + left) * Pixels.CHANNELS;
            System.arraycopy(pixels.rgb(), y * row, rgb, to, row);
        }
        return new Pixels((int) width, (int) height, rgb);
    }
}
