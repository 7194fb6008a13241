package io.embedlake.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes pixels as PNG, in memory. Stateless. */
public final class PngImage {
    private static final int HARMLESS_SIDE = 64;

    private PngImage() {}

    /** The file of an image. */
    public static byte[] of(Pixels pixels) {
        BufferedImage image = new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_INT_RGB);
        byte[] rgb = pixels.rgb();
        for (int y = 0, at = 0; y < pixels.height(); y++) {
            for (int x = 0; x < pixels.width(); x++, at += Pixels.CHANNELS) {
                image.setRGB(x, y, (rgb[at] & 0xFF) << 16 | (rgb[at + 1] & 0xFF) << 8 | rgb[at + 2] & 0xFF);
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    /** A small image that nothing has a reason to refuse: two colours that pass into each other. */
    public static byte[] harmless() {
        byte[] rgb = new byte[HARMLESS_SIDE * HARMLESS_SIDE * Pixels.CHANNELS];
        for (int i = 0; i < HARMLESS_SIDE * HARMLESS_SIDE; i++) {
            rgb[Pixels.CHANNELS * i] = (byte) (4 * (i % HARMLESS_SIDE));
            rgb[Pixels.CHANNELS * i + 2] = (byte) (4 * (i / HARMLESS_SIDE));
        }
        return of(new Pixels(HARMLESS_SIDE, HARMLESS_SIDE, rgb));
    }
}
