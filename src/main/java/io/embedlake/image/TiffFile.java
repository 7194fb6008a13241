package io.embedlake.image;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;

/**
 * TIFF and BigTIFF, the first image, by TwelveMonkeys' reader.
 *
 * @param isInks whether its samples are cyan, magenta, yellow and black
 */
record TiffFile(byte[] file, long width, long height, int orientation, boolean isInks) implements ImageFile {
    private static final int BIG = 43;
    private static final int SEPARATED = 5;
    private static final int MAX_SAMPLES = 16;

    @Override
    public String format() {
        return "TIFF";
    }

    static TiffFile of(byte[] file) {
        return new Directory(file).file();
    }

    @Override
    public Pixels decode() throws IOException {
        ImageReader reader = Readers.open(new TIFFImageReaderSpi(), file, file.length);
        try {
            BufferedImage image = reader.read(0);
            return isInks ? ofInks(image.getRaster()) : Rasters.rgb(image);
        } finally {
            reader.dispose();
        }
    }

    private static Pixels ofInks(Raster raster) {
        int bands = raster.getNumBands();
        if (bands < 4 || raster.getSampleModel().getSampleSize(0) != 8) {
            throw Refusal.unsupported("a TIFF file of " + bands + " inks");
        }
        int width = raster.getWidth();
        byte[] rgb = new byte[width * raster.getHeight() * Pixels.CHANNELS];
        int[] row = new int[width * bands];
        int to = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < row.length; x += bands) {
                int light = 255 - row[x + 3];
                rgb[to++] = Rasters.lightOf(row[x], light);
                rgb[to++] = Rasters.lightOf(row[x + 1], light);
                rgb[to++] = Rasters.lightOf(row[x + 2], light);
            }
        }
        return new Pixels(width, raster.getHeight(), rgb);
    }

    /** The first directory of a file. */
    private static final class Directory {
        private final ByteBuffer numbers;
        private final boolean isBig;
        private long width;
        private long height;
        private long tileWidth;
        private long tileHeight;
        private int orientation = Exif.UPRIGHT;
        private int photometric;
        private long samples = 1;

        Directory(byte[] file) {
            numbers = ImageFile.numbers(file, file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            isBig = numbers.getShort(2) == BIG;
        }

        TiffFile file() {
            int at = place(isBig ? numbers.getLong(8) : numbers.getInt(4) & 0xffffffffL);
            int count = isBig ? place(numbers.getLong(at)) : numbers.getShort(at) & 0xffff;
            at += isBig ? 8 : 2;
            for (int i = 0; i < count; i++) {
                entry(at);
                at += isBig ? 20 : 12;
            }
            if (samples < 1 || samples > MAX_SAMPLES) {
                throw Refusal.unsupported("a TIFF file of " + samples + " samples a pixel");
            }
            // Readers allocate whole tiles: their size counts where it is beyond the image's.
            if (tileWidth > width + 4096 || tileHeight > height + 4096) {
                throw Refusal.damaged("TIFF", null);
            }
            return new TiffFile(numbers.array(), width, height, orientation, photometric == SEPARATED);
        }

        private void entry(int at) {
            switch (numbers.getShort(at) & 0xffff) {
                case 256 -> width = value(at);
                case 257 -> height = value(at);
                case 262 -> photometric = (int) value(at);
                case 274 -> orientation = (int) value(at);
                case 277 -> samples = value(at);
                case 322 -> tileWidth = value(at);
                case 323 -> tileHeight = value(at);
                default -> {
                    // Of no importance for the size.
                }
            }
        }

        private long value(int at) {
            int place = at + (isBig ? 12 : 8);
            return switch (numbers.getShort(at + 2)) {
                case 1 -> numbers.get(place) & 0xff;
                case 3 -> numbers.getShort(place) & 0xffff;
                case 4 -> numbers.getInt(place) & 0xffffffffL;
                case 16 -> numbers.getLong(place);
                default -> throw Refusal.damaged("TIFF", null);
            };
        }

        private int place(long offset) {
            if (offset < 0 || offset > numbers.capacity()) {
                throw new IndexOutOfBoundsException();
            }
            return (int) offset;
        }
    }
}
