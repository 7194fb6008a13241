package io.embedlake.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A file whose header is read and whose pixels are not. */
sealed interface ImageFile permits JpegFile, PngFile, GifFile, BmpFile, TiffFile, WebpFile, SparkImage {
    /** The name of the format, for messages. */
    String format();

    /** Pixels a row, as the header says; not checked. */
    long width();

    /** Rows, as the header says; not checked. */
    long height();

    /** Orientation of EXIF; 1 leaves the image unchanged. */
    int orientation();

    /** Bytes of memory that decoding takes for each pixel, about. */
    default long bytesAPixel() {
        return 8;
    }

    /** The pixels as they are stored, not yet turned. The size must have been checked. */
    Pixels decode() throws IOException;

    /**
     * Recognises the format by the first bytes and reads the header.
     *
     * @throws IndexOutOfBoundsException when the file ends before its header does
     */
    static ImageFile of(byte[] file) {
        if (file.length == 0) {
            throw Refusal.of("it is empty (a file of no bytes)");
        }
        if (startsWith(file, 0, 0xff, 0xd8)) {
            return JpegFile.of(file);
        }
        if (startsWith(file, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
            return PngFile.of(file);
        }
        if (startsWith(file, 0, 'G', 'I', 'F', '8')) {
            return GifFile.of(file);
        }
        if (startsWith(file, 0, 'R', 'I', 'F', 'F') && startsWith(file, 8, 'W', 'E', 'B', 'P')) {
            return WebpFile.of(file);
        }
        if (startsWith(file, 0, 'I', 'I', 42, 0)
                || startsWith(file, 0, 'M', 'M', 0, 42)
                || startsWith(file, 0, 'I', 'I', 43, 0)
                || startsWith(file, 0, 'M', 'M', 0, 43)) {
            return TiffFile.of(file);
        }
        if (SparkImage.isOne(file)) {
            return SparkImage.of(file);
        }
        if (startsWith(file, 0, 'B', 'M')) {
            return BmpFile.of(file);
        }
        throw Refusal.of(
                isText(file)
                        ? "it is text, not an image"
                        : "it is not an image of a supported format (JPEG, PNG, GIF, BMP, TIFF or WebP)");
    }

    /** Whether these bytes, each from 0 to 255, are at this place. */
    static boolean startsWith(byte[] file, int from, int... magic) {
        if (file.length - from < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((file[from + i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** The bytes to read numbers of, without a copy. */
    static ByteBuffer numbers(byte[] file, ByteOrder order) {
        return ByteBuffer.wrap(file).order(order);
    }

    private static boolean isText(byte[] file) {
        int length = Math.min(file.length, 512);
        for (int i = 0; i < length; i++) {
            if (file[i] >= 0 && file[i] < ' ' && file[i] != '\n' && file[i] != '\r' && file[i] != '\t') {
                return false;
            }
        }
        // A character may be cut at the end of the sample.
        for (int cut = 0; cut < 4 && cut < length; cut++) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Arrays.copyOf(file, length - cut)));
                return true;
            } catch (CharacterCodingException e) {
                continue;
            }
        }
        return false;
    }
}
