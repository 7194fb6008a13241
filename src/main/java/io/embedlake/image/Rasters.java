package io.embedlake.image;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;

/** Samples to RGB bytes without any colour management: gray is repeated, of 16 bits the upper 8 are kept, alpha is dropped. */
final class Rasters {
    private static final int PALETTE = 256;
    private static final int BYTE = 8;

    private Rasters() {}

    static Pixels rgb(BufferedImage image) {
        Raster raster = image.getRaster();
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return ofPalette(raster, palette);
        }
        byte[] whole = interleaved(raster);
        if (whole.length > 0) {
            return new Pixels(raster.getWidth(), raster.getHeight(), whole);
        }
        return ofSamples(raster);
    }

    /** Colours of a palette; an index beyond it is black. */
    static Pixels ofPalette(Raster raster, IndexColorModel palette) {
        int[] colours = colours(palette);
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] rgb = new byte[width * height * Pixels.CHANNELS];
        int[] row = new int[width];
        int to = 0;
        for (int y = 0; y < height; y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
            for (int index : row) {
                int colour = colours[index];
                rgb[to++] = (byte) (colour >> 16);
                rgb[to++] = (byte) (colour >> 8);
                rgb[to++] = (byte) colour;
            }
        }
        return new Pixels(width, height, rgb);
    }

    /** The palette as 0xRRGGBB, filled up with black. */
    static int[] colours(IndexColorModel palette) {
        int[] colours = new int[Math.max(PALETTE, palette.getMapSize())];
        palette.getRGBs(colours);
        return colours;
    }

    /** The array of a raster that is RGB bytes already; empty otherwise. */
    private static byte[] interleaved(Raster raster) {
        boolean isWhole = raster.getSampleModel() instanceof ComponentSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte data
                && model.getNumBands() == Pixels.CHANNELS
                && model.getPixelStride() == Pixels.CHANNELS
                && model.getScanlineStride() == Pixels.CHANNELS * raster.getWidth()
                && java.util.Arrays.equals(model.getBandOffsets(), new int[] {0, 1, 2})
                && data.getNumBanks() == 1
                && data.getOffset() == 0
                && data.getData().length == Pixels.CHANNELS * raster.getWidth() * raster.getHeight()
                && raster.getMinX() == 0
                && raster.getMinY() == 0;
        return isWhole ? ((DataBufferByte) raster.getDataBuffer()).getData() : new byte[0];
    }

    private static Pixels ofSamples(Raster raster) {
        SampleModel model = raster.getSampleModel();
        int bands = model.getNumBands();
        int[] bits = model.getSampleSize();
        for (int size : bits) {
            if (size > 2 * BYTE) {
                throw Refusal.unsupported("an image with " + size + " bits a sample");
            }
        }
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] rgb = new byte[width * height * Pixels.CHANNELS];
        int[] row = new int[width * bands];
        // The second of two bands, and the fourth, is alpha.
        int green = bands < Pixels.CHANNELS ? 0 : 1;
        int blue = bands < Pixels.CHANNELS ? 0 : 2;
        int to = 0;
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < row.length; x += bands) {
                rgb[to++] = scaled(row[x], bits[0]);
                rgb[to++] = scaled(row[x + green], bits[green]);
                rgb[to++] = scaled(row[x + blue], bits[blue]);
            }
        }
        return new Pixels(width, height, rgb);
    }

    private static byte scaled(int value, int bits) {
        if (bits == BYTE) {
            return (byte) value;
        }
        return (byte) (bits > BYTE ? value >> (bits - BYTE) : value * 255 / ((1 << bits) - 1));
    }

    /** Ink to light as Pillow does it, without profiles. */
    static byte lightOf(int ink, int light) {
        int product = ink * light + 128;
        return (byte) (light - (((product >> 8) + product) >> 8));
    }
}
