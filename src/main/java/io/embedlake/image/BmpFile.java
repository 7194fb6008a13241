package io.embedlake.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;

/** Bitmaps of Windows and OS/2. */
record BmpFile(byte[] file, long width, long height) implements ImageFile {
    private static final int FILE_HEADER = 14;
    private static final int OLDEST_HEADER = 12;
    private static final int BITFIELDS = 3;
    private static final int ALPHA_BITFIELDS = 6;

    @Override
    public String format() {
        return "BMP";
    }

    @Override
    public int orientation() {
        return Exif.UPRIGHT;
    }

    static BmpFile of(byte[] file) {
        ByteBuffer numbers = ImageFile.numbers(file, ByteOrder.LITTLE_ENDIAN);
        int header = numbers.getInt(FILE_HEADER);
        if (header == OLDEST_HEADER) {
            return new BmpFile(file, numbers.getShort(18) & 0xffff, numbers.getShort(20) & 0xffff);
        }
        if (header < 16 || header > 1024) {
            throw Refusal.damaged("BMP", null);
        }
        int compression = header >= 20 ? numbers.getInt(30) : 0;
        if (compression > BITFIELDS && compression != ALPHA_BITFIELDS || compression < 0) {
            throw Refusal.unsupported("a BMP file around an image of another format");
        }
        // Rows from top to bottom have a negative count.
        return new BmpFile(file, numbers.getInt(18), Math.abs((long) numbers.getInt(22)));
    }

    @Override
    public Pixels decode() throws IOException {
        ImageReader reader = Readers.BMP.open(file, file.length);
        try {
            return Rasters.rgb(reader.read(0));
        } finally {
            reader.dispose();
        }
    }
}
