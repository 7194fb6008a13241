package io.embedlake.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;

/**
 * WebP, lossy and lossless; of an animation the first frame on a black canvas. The reader gets the image's chunk alone: no profile and
 * no alpha can change its colours.
 *
 * @param content the first byte of the chunk's data
 * @param length bytes of the chunk's data
 * @param isLossless whether the chunk is of the lossless kind
 * @param frame the frame's place on the canvas, in pixels
 */
record WebpFile(
        byte[] file, int content, int length, boolean isLossless, long width, long height, Frame frame, int orientation)
        implements ImageFile {
    private static final int RIFF_HEADER = 12;
    private static final int CHUNK = 8;
    private static final int ANIMATED_FRAME = 16;

    /** Of the image on the canvas. */
    private record Frame(int left, int top, int width, int height) {}

    @Override
    public String format() {
        return "WebP";
    }

    @Override
    public long bytesAPixel() {
        // The lossy decoder keeps every block of the image as objects.
        return isLossless ? 12 : 60;
    }

    static WebpFile of(byte[] file) {
        Chunks chunks = new Chunks(file);
        long end = CHUNK + (chunks.numbers.getInt(4) & 0xffffffffL);
        if (end > file.length) {
            throw Refusal.cutOff("WebP");
        }
        chunks.read(RIFF_HEADER, (int) end);
        return chunks.image();
    }

    @Override
    public Pixels decode() throws IOException {
        Pixels image = isLossless ? lossless() : LossyWebp.decode(file, content, length, frame.width(), frame.height());
        if (image.width() != frame.width() || image.height() != frame.height()) {
            throw Refusal.damaged(format(), null);
        }
        if (frame.width() == width && frame.height() == height) {
            return image;
        }
        byte[] canvas = new byte[(int) (width * height) * Pixels.CHANNELS];
        int row = frame.width() * Pixels.CHANNELS;
        for (int y = 0; y < frame.height(); y++) {
            int to = ((frame.top() + y) * (int) width + frame.left()) * Pixels.CHANNELS;
            System.arraycopy(image.rgb(), y * row, canvas, to, row);
        }
        return new Pixels((int) width, (int) height, canvas);
    }

    private Pixels lossless() throws IOException {
        int padded = length + (length & 1);
        ByteBuffer alone = ByteBuffer.allocate(RIFF_HEADER + CHUNK + padded).order(ByteOrder.LITTLE_ENDIAN);
        alone.put(file, 0, 4).putInt(4 + CHUNK + padded).put(file, 8, 4);
        alone.put(file, content - CHUNK, CHUNK + length);
        ImageReader reader = Readers.open(new WebPImageReaderSpi(), alone.array(), alone.capacity());
        try {
            BufferedImage image = reader.read(0);
            return Rasters.rgb(image);
        } finally {
            reader.dispose();
        }
    }

    /** What the chunks of a file say. */
    private static final class Chunks {
        private final byte[] file;
        private final ByteBuffer numbers;
        private int content = -1;
        private int length;
        private boolean isLossless;
        private boolean isAnimated;
        private int left;
        private int top;
        private long width;
        private long height;
        private int canvasWidth;
        private int canvasHeight;
        private int exif = Exif.UPRIGHT;
        private int xmp = Exif.UPRIGHT;

        Chunks(byte[] file) {
            this.file = file;
            this.numbers = ImageFile.numbers(file, ByteOrder.LITTLE_ENDIAN);
        }

        void read(int from, int end) {
            int at = from;
            while (at + CHUNK <= end) {
                int size = numbers.getInt(at + 4);
                if (size < 0 || size > end - at - CHUNK) {
                    throw Refusal.cutOff("WebP");
                }
                chunk(at, at + CHUNK, size);
                at += CHUNK + size + (size & 1);
            }
        }

        private void chunk(int name, int data, int size) {
            if (ImageFile.startsWith(file, name, 'V', 'P', '8', 'X')) {
                canvasWidth = 1 + int24(data + 4);
                canvasHeight = 1 + int24(data + 7);
            } else if (ImageFile.startsWith(file, name, 'E', 'X', 'I', 'F')) {
                exif = Exif.orientation(file, data, size);
            } else if (ImageFile.startsWith(file, name, 'X', 'M', 'P', ' ')) {
                xmp = Exif.ofXmp(file, data, size);
            } else if (content >= 0) {
                return;
            } else if (ImageFile.startsWith(file, name, 'A', 'N', 'M', 'F')) {
                isAnimated = true;
                left = 2 * int24(data);
                top = 2 * int24(data + 3);
                read(data + ANIMATED_FRAME, data + size);
            } else if (ImageFile.startsWith(file, name, 'V', 'P', '8', 'L')) {
                int packed = numbers.getInt(data + 1);
                image(data, size, 1 + (packed & 0x3fff), 1 + (packed >> 14 & 0x3fff));
                isLossless = true;
            } else if (ImageFile.startsWith(file, name, 'V', 'P', '8', ' ')) {
                image(data, size, numbers.getShort(data + 6) & 0x3fff, numbers.getShort(data + 8) & 0x3fff);
            }
        }

        private void image(int data, int size, int columns, int rows) {
            content = data;
            length = size;
            width = columns;
            height = rows;
        }

        private int int24(int at) {
            return (numbers.getShort(at) & 0xffff) | (numbers.get(at + 2) & 0xff) << 16;
        }

        WebpFile image() {
            if (content < 0 || width < 1 || height < 1) {
                throw Refusal.damaged("WebP", null);
            }
            boolean hasCanvas = canvasWidth > 0 && isAnimated;
            int orientation = exif == Exif.UPRIGHT ? xmp : exif;
            Frame frame = new Frame(left, top, (int) width, (int) height);
            return new WebpFile(
                    file,
                    content,
                    length,
                    isLossless,
                    hasCanvas ? Math.max(canvasWidth, left + width) : width,
                    hasCanvas ? Math.max(canvasHeight, top + height) : height,
                    frame,
                    orientation);
        }
    }
}
