package io.embedlake.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * WebP, lossy and lossless; of an animation the first frame on a black canvas. libwebp gets the image's chunk alone: no profile and
 * no alpha can change its colours. Where libwebp cannot be loaded, no WebP file is decoded, since another decoder would make other
 * vectors of lossy ones: the job stops with the reason.
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
        // The pixels here and at libwebp, which decodes into a copy; and its own of a lossless image, of 4 bytes.
        return isLossless ? 10 : 6;
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
    public Pixels decode() {
        byte[] stream = Arrays.copyOfRange(file, content, content + length);
        Pixels image = LibWebp.decode(stream, frame.width(), frame.height());
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
