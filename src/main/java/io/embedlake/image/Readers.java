package io.embedlake.image;

import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStreamImpl;

/** Readers of ImageIO by their class: which others a class loader offers has no influence. */
enum Readers {
    JPEG("com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi"),
    PNG("com.sun.imageio.plugins.png.PNGImageReaderSpi"),
    GIF("com.sun.imageio.plugins.gif.GIFImageReaderSpi"),
    BMP("com.sun.imageio.plugins.bmp.BMPImageReaderSpi");

    private final String provider;

    Readers(String provider) {
        this.provider = provider;
    }

    /** A reader of the JDK's own over these bytes; the caller disposes of it. */
    ImageReader open(byte[] file, int length) throws IOException {
        for (Iterator<ImageReaderSpi> all =
                        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
                all.hasNext(); ) {
            ImageReaderSpi next = all.next();
            if (next.getClass().getName().equals(provider)) {
                return open(next, file, length);
            }
        }
        throw new IllegalStateException("the JDK lacks " + provider);
    }

    /** A reader of this provider over these bytes; the caller disposes of it. */
    static ImageReader open(ImageReaderSpi provider, byte[] file, int length) throws IOException {
        ImageReader reader = provider.createReaderInstance(null);
        reader.setInput(new Input(file, length), false, true);
        return reader;
    }

    /** Bytes in memory: no file of a cache, no copy. */
    static final class Input extends ImageInputStreamImpl {
        private final byte[] bytes;
        private final int length;

        Input(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }

        @Override
        public int read() {
            bitOffset = 0;
            return streamPos < length ? bytes[(int) streamPos++] & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int count) {
            bitOffset = 0;
            if (count == 0) {
                return 0;
            }
            int read = (int) Math.min(count, length - streamPos);
            if (read <= 0) {
                return -1;
            }
            System.arraycopy(bytes, (int) streamPos, target, offset, read);
            streamPos += read;
            return read;
        }

        @Override
        public long length() {
            return length;
        }
    }
}
