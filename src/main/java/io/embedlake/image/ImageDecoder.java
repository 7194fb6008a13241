package io.embedlake.image;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Decodes image files to RGB as Pillow's {@code exif_transpose} and {@code convert("RGB")} do: turned upright, alpha dropped, of
 * several frames the first. JPEG, PNG, GIF, BMP, TIFF, WebP, and the struct of Spark's image source behind a line of text
 * ({@code SPARKIMAGE width height mode}). The format is recognised by the first bytes. Stateless and thread-safe.
 */
public final class ImageDecoder {
    /** Bytes of memory; what needs more is decoded one at a time, so that several threads do not need it several times at once. */
    private static final long LARGE = 128_000_000;

    private static final Semaphore ONE_LARGE = new Semaphore(1);

    private ImageDecoder() {}

    /**
     * The pixels of a file.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} with the reason: not an image, cut off, damaged, too large, of a kind
     *     that is not supported
     */
    public static Pixels decode(byte[] file, ImageLimits limits) {
        ImageFile image = checked(file, limits);
        long memory = image.width() * image.height() * image.bytesAPixel();
        if (memory > Runtime.getRuntime().maxMemory()) {
            throw moreThanMemory(image, null);
        }
        if (memory <= LARGE) {
            return pixels(image);
        }
        ONE_LARGE.acquireUninterruptibly();
        try {
            return pixels(image);
        } finally {
            ONE_LARGE.release();
        }
    }

    /**
     * What a file says of itself; its pixels are not decoded.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} with the reason, where that shows without the pixels
     */
    public static ImageHeader header(byte[] file, ImageLimits limits) {
        ImageFile image = checked(file, limits);
        return new ImageHeader(image.format(), (int) image.width(), (int) image.height());
    }

    /** A file whose size is within limits. */
    private static ImageFile checked(byte[] file, ImageLimits limits) {
        if (file.length > limits.maxBytes()) {
            throw Refusal.of("it has " + file.length + " bytes (at most " + limits.maxBytes() + " are read)");
        }
        ImageFile image = recognised(file);
        long width = image.width();
        long height = image.height();
        if (width < 1 || height < 1) {
            throw Refusal.of("it is damaged (" + width + " x " + height + " pixels)");
        }
        if (height > Math.min(limits.maxPixels(), (Integer.MAX_VALUE - 8) / Pixels.CHANNELS) / width) {
            throw Refusal.of(
                    "it has " + width + " x " + height + " pixels (at most " + limits.maxPixels() + " are read)");
        }
        return image;
    }

    private static ImageFile recognised(byte[] file) {
        try {
            return ImageFile.of(file);
        } catch (IndexOutOfBoundsException e) {
            throw Refusal.of("it is cut off (the file ends early)", e);
        }
    }

    /** Readers throw all kinds of exceptions at damaged files; all of them mean the same. */
    private static Pixels pixels(ImageFile image) {
        try {
            return Orientation.upright(image.decode(), image.orientation());
        } catch (EmbedlakeException e) {
            throw e;
        } catch (EOFException e) {
            throw Refusal.cutOff(image.format());
        } catch (IOException | RuntimeException | StackOverflowError e) {
            if (e.getCause() instanceof EOFException) {
                throw Refusal.cutOff(image.format());
            }
            throw Refusal.damaged(image.format(), e);
        } catch (OutOfMemoryError e) {
            throw moreThanMemory(image, e);
        }
    }

    private static EmbedlakeException moreThanMemory(ImageFile image, Throwable cause) {
        return Refusal.of(
                "it has " + image.width() + " x " + image.height()
                        + " pixels (more than the memory of this process holds)",
                cause);
    }
}
