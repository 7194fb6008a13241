package io.embedlake.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageReader;

/**
 * PNG. The JDK's reader gets the chunks that the pixels are made of and no other: of an animation that is the default image.
 *
 * @param stream those chunks
 * @param isCutOff whether chunks are missing
 */
record PngFile(byte[] stream, boolean isCutOff, long width, long height, int orientation) implements ImageFile {
    private static final int SIGNATURE = 8;
    private static final int IHDR = 0x49484452;
    private static final int PLTE = 0x504c5445;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454e44;
    private static final int EXIF = 0x65584966;
    private static final int ITXT = 0x69545874;
    private static final byte[] END = {0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xae, 0x42, 0x60, (byte) 0x82};
    private static final byte[] XMP = "XML:com.adobe.xmp\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    @Override
    public String format() {
        return "PNG";
    }

    static PngFile of(byte[] file) {
        ByteBuffer numbers = ImageFile.numbers(file, ByteOrder.BIG_ENDIAN);
        if (numbers.getInt(SIGNATURE + 4) != IHDR) {
            throw Refusal.damaged("PNG", null);
        }
        int width = numbers.getInt(SIGNATURE + 8);
        int height = numbers.getInt(SIGNATURE + 12);
        ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
        kept.write(file, 0, SIGNATURE);
        int exif = Exif.UPRIGHT;
        int xmp = Exif.UPRIGHT;
        boolean hasData = false;
        boolean isCutOff = false;
        int at = SIGNATURE;
        while (at + 12 <= file.length) {
            int length = numbers.getInt(at);
            int type = numbers.getInt(at + 4);
            if (length < 0) {
                throw Refusal.damaged("PNG", null);
            }
            if (type == IEND) {
                break;
            }
            if (length > file.length - at - 12) {
                isCutOff = true;
                break;
            }
            int content = at + 8;
            if (type == EXIF) {
                exif = Exif.orientation(file, content, length);
            } else if (type == ITXT && length > XMP.length && startsWithXmp(file, content)) {
                xmp = Exif.ofXmp(file, content, length);
            } else if (type == IHDR || type == PLTE || type == IDAT) {
                requireChecksum(file, at + 4, length + 4, numbers.getInt(content + length));
                kept.write(file, at, length + 12);
                hasData |= type == IDAT;
            }
            at = content + length + 4;
        }
        kept.writeBytes(END);
        return new PngFile(kept.toByteArray(), isCutOff || !hasData, width, height, exif == Exif.UPRIGHT ? xmp : exif);
    }

    private static boolean startsWithXmp(byte[] file, int content) {
        return Arrays.equals(file, content, content + XMP.length, XMP, 0, XMP.length);
    }

    private static void requireChecksum(byte[] file, int from, int length, int expected) {
        CRC32 sum = new CRC32();
        sum.update(file, from, length);
        if ((int) sum.getValue() != expected) {
            throw Refusal.damaged("PNG", null);
        }
    }

    @Override
    public Pixels decode() throws IOException {
        if (isCutOff) {
            throw Refusal.cutOff(format());
        }
        ImageReader reader = Readers.PNG.open(stream, stream.length);
        try {
            return Rasters.rgb(reader.read(0));
        } finally {
            reader.dispose();
        }
    }
}
