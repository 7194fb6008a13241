package io.embedlake.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;

/** WebP, lossy and lossless, by TwelveMonkeys' reader. */
record WebpFile(byte[] file, long width, long height, int orientation) implements ImageFile {
    private static final int HEADER = 12;
    private static final int CHUNK = 8;
    private static final int ANIMATION = 2;

    @Override
    public String format() {
        return "WebP";
    }

    static WebpFile of(byte[] file) {
        ByteBuffer numbers = ImageFile.numbers(file, ByteOrder.LITTLE_ENDIAN);
        long[] size = {0, 0};
        int exif = Exif.UPRIGHT;
        int xmp = Exif.UPRIGHT;
        int at = HEADER;
        long end = Math.min(file.length, CHUNK + (numbers.getInt(4) & 0xffffffffL));
        if (CHUNK + (numbers.getInt(4) & 0xffffffffL) > file.length) {
            throw Refusal.cutOff("WebP");
        }
        while (at + CHUNK <= end) {
            int content = at + CHUNK;
            int length = numbers.getInt(at + 4);
            if (length < 0 || length > file.length - content) {
                throw Refusal.cutOff("WebP");
            }
            if (ImageFile.startsWith(file, at, 'V', 'P', '8', 'X')) {
                if ((file[content] & ANIMATION) != 0) {
                    throw Refusal.unsupported("an animated WebP file");
                }
                grow(size, 1 + (numbers.getInt(content + 4) & 0xffffff), 1 + (numbers.getInt(content + 6) >>> 8));
            } else if (ImageFile.startsWith(file, at, 'V', 'P', '8', 'L')) {
                int packed = numbers.getInt(content + 1);
                grow(size, 1 + (packed & 0x3fff), 1 + (packed >> 14 & 0x3fff));
            } else if (ImageFile.startsWith(file, at, 'V', 'P', '8', ' ')) {
                grow(size, numbers.getShort(content + 6) & 0x3fff, numbers.getShort(content + 8) & 0x3fff);
            } else if (ImageFile.startsWith(file, at, 'E', 'X', 'I', 'F')) {
                exif = Exif.orientation(file, content, length);
            } else if (ImageFile.startsWith(file, at, 'X', 'M', 'P', ' ')) {
                xmp = Exif.ofXmp(file, content, length);
            }
            at = content + length + (length & 1);
        }
        return new WebpFile(file, size[0], size[1], exif == Exif.UPRIGHT ? xmp : exif);
    }

    private static void grow(long[] size, long width, long height) {
        size[0] = Math.max(size[0], width);
        size[1] = Math.max(size[1], height);
    }

    @Override
    public Pixels decode() throws IOException {
        ImageReader reader = Readers.open(new WebPImageReaderSpi(), file, file.length);
        try {
            return Rasters.rgb(reader.read(0));
        } finally {
            reader.dispose();
        }
    }
}
