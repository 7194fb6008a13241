package io.embedlake.image;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/**
 * JPEG, decoded by libjpeg as it comes with the JDK. It gets the file without its application segments and gives samples; which colours
 * they are is decided here by libjpeg's rules, so that no profile and no odd header can change or stop it.
 *
 * @param stream the markers and data that the pixels are made of
 * @param length bytes of the stream
 * @param kind of the samples
 */
record JpegFile(byte[] stream, int length, long width, long height, int orientation, Samples kind)
        implements ImageFile {
    /** What the components of a pixel are. */
    enum Samples {
        GRAY,
        RGB,
        YCC,
        CMYK,
        YCCK
    }

    /** A progressive image is decoded once for each of its scans: a bomb of time otherwise. */
    private static final int MAX_SCANS = 500;

    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int DHT = 0xc4;
    private static final int JPG = 0xc8;
    private static final int DAC = 0xcc;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;
    private static final int APP15 = 0xef;
    private static final int COM = 0xfe;
    /** Says that three components are luminance and chrominance. */
    private static final byte[] JFIF = {
        (byte) 0xff, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
    };

    private static final ColorModel RGB_BYTES = new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
    private static final int NO_ADOBE = -1;
    private static final byte[] XMP =
            "http://ns.adobe.com/xap/1.0/\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    @Override
    public String format() {
        return "JPEG";
    }

    static JpegFile of(byte[] file) {
        return new Walk(file).file();
    }

    @Override
    public Pixels decode() throws IOException {
        List<String> warnings = new ArrayList<>(0);
        ImageReader reader = Readers.JPEG.open(stream, length);
        byte[] samples;
        try {
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            samples = kind == Samples.YCC ? colours(reader) : bytes(reader.readRaster(0, null));
        } finally {
            reader.dispose();
        }
        for (String warning : warnings) {
            if (warning.contains("premature end")) {
                throw Refusal.cutOff(format());
            }
            if (warning.contains("bad Huffman code")) {
                throw Refusal.damaged(format(), null);
            }
        }
        int pixels = (int) (width * height);
        byte[] rgb =
                switch (kind) {
                    case GRAY -> gray(samples, pixels);
                    case RGB, YCC -> samples;
                    case CMYK -> inks(samples, pixels);
                    case YCCK -> inks(complement(Ycc.toRgb(samples)), pixels);
                };
        return new Pixels((int) width, (int) height, rgb);
    }

    /** Bytes of RGB, converted by the library, which has vector instructions for it. */
    private byte[] colours(ImageReader reader) throws IOException {
        int row = (int) width * Pixels.CHANNELS;
        WritableRaster raster = Raster.createInterleavedRaster(
                DataBuffer.TYPE_BYTE, (int) width, (int) height, row, Pixels.CHANNELS, new int[] {0, 1, 2}, null);
        ImageReadParam target = reader.getDefaultReadParam();
        target.setDestination(new BufferedImage(RGB_BYTES, raster, false, null));
        reader.read(0, target);
        return bytes(raster);
    }

    private static byte[] bytes(Raster raster) {
        return ((DataBufferByte) raster.getDataBuffer()).getData();
    }

    private static byte[] gray(byte[] samples, int pixels) {
        byte[] rgb = new byte[pixels * Pixels.CHANNELS];
        for (int i = 0, to = 0; i < pixels; i++, to += Pixels.CHANNELS) {
            rgb[to] = samples[i];
            rgb[to + 1] = samples[i];
            rgb[to + 2] = samples[i];
        }
        return rgb;
    }

    /** The three colours of each four bytes, complemented; the fourth is left. */
    private static byte[] complement(byte[] samples) {
        for (int i = 0; i < samples.length; i += 4) {
            samples[i] ^= (byte) 0xff;
            samples[i + 1] ^= (byte) 0xff;
            samples[i + 2] ^= (byte) 0xff;
        }
        return samples;
    }

    /** Inks are stored inverted: 255 is none. */
    private static byte[] inks(byte[] samples, int pixels) {
        byte[] rgb = new byte[pixels * Pixels.CHANNELS];
        for (int from = 0, to = 0; to < rgb.length; from += 4, to += Pixels.CHANNELS) {
            int light = samples[from + 3] & 0xff;
            rgb[to] = Rasters.lightOf(255 - (samples[from] & 0xff), light);
            rgb[to + 1] = Rasters.lightOf(255 - (samples[from + 1] & 0xff), light);
            rgb[to + 2] = Rasters.lightOf(255 - (samples[from + 2] & 0xff), light);
        }
        return rgb;
    }

    /** One pass over the markers of a file. */
    private static final class Walk {
        private final byte[] file;
        private final Compact kept;
        private int at = 2;
        private int frame = -1;
        private int scans;
        private int exif = Exif.UPRIGHT;
        private int xmp = Exif.UPRIGHT;
        private boolean isJfif;
        private int adobe = NO_ADOBE;

        Walk(byte[] file) {
            this.file = file;
            this.kept = new Compact(file.length + JFIF.length);
        }

        JpegFile file() {
            kept.write(file, 0, 2);
            // Overwritten by a comment where it would not be true.
            kept.writeBytes(JFIF);
            for (int marker = next(); marker != EOI; marker = next()) {
                if (marker >= 0xd0 && marker <= SOI || marker == 1) {
                    continue;
                }
                int size = size(at);
                if (size < 2) {
                    throw Refusal.damaged("JPEG", null);
                }
                if (at + size > file.length) {
                    throw Refusal.cutOff("JPEG");
                }
                segment(marker, size);
                at += size;
                if (marker == SOS) {
                    scan();
                }
            }
            if (frame < 0 || scans == 0) {
                throw Refusal.damaged("JPEG", null);
            }
            kept.write(0xff);
            kept.write(EOI);
            Samples kind = kind();
            if (kind != Samples.YCC) {
                kept.bytes()[3] = (byte) COM;
            }
            int orientation = exif == Exif.UPRIGHT ? xmp : exif;
            return new JpegFile(kept.bytes(), kept.size(), size(frame + 5), size(frame + 3), orientation, kind);
        }

        /** The next marker; {@link #at} is behind it. What lies before it is no image data and is left out. */
        private int next() {
            while (true) {
                while (at < file.length && file[at] != (byte) 0xff) {
                    at++;
                }
                while (at < file.length && file[at] == (byte) 0xff) {
                    at++;
                }
                if (at >= file.length) {
                    throw Refusal.cutOff("JPEG");
                }
                int marker = file[at++] & 0xff;
                if (marker != 0) {
                    return marker;
                }
            }
        }

        private int size(int offset) {
            return (file[offset] & 0xff) << 8 | file[offset + 1] & 0xff;
        }

        private void segment(int marker, int size) {
            int content = at + 2;
            int length = size - 2;
            switch (marker) {
                case APP0 -> isJfif |= length >= 5 && ImageFile.startsWith(file, content, 'J', 'F', 'I', 'F', 0);
                case APP1 -> {
                    if (length > 6 && ImageFile.startsWith(file, content, 'E', 'x', 'i', 'f', 0)) {
                        exif = Exif.orientation(file, content, length);
                    } else if (length > XMP.length
                            && java.util.Arrays.equals(file, content, content + XMP.length, XMP, 0, XMP.length)) {
                        xmp = Exif.ofXmp(file, content, length);
                    }
                }
                case APP14 -> {
                    if (length >= 12 && ImageFile.startsWith(file, content, 'A', 'd', 'o', 'b', 'e')) {
                        adobe = file[content + 11] & 0xff;
                    }
                }
                default -> {
                    if (marker > APP1 && marker <= APP15 || marker == COM) {
                        return;
                    }
                    if (marker >= 0xc0 && marker <= 0xcf && marker != DHT && marker != JPG && marker != DAC) {
                        frame(marker);
                    }
                    kept.write(0xff);
                    kept.write(marker);
                    kept.write(file, at, size);
                }
            }
        }

        private void frame(int marker) {
            if (frame >= 0) {
                throw Refusal.damaged("JPEG", null);
            }
            frame = at;
            if (marker > 0xc2) {
                throw Refusal.unsupported("a JPEG that is lossless, hierarchical or arithmetically coded");
            }
            if (file[at + 2] != 8) {
                throw Refusal.unsupported("a JPEG with " + file[at + 2] + " bits a sample");
            }
        }

        /** The data of a scan, up to the marker behind it; restart markers are part of it. */
        private void scan() {
            if (++scans > MAX_SCANS) {
                throw Refusal.of("it is progressive in more than " + MAX_SCANS + " scans (which no camera writes)");
            }
            int from = at;
            while (true) {
                while (at < file.length && file[at] != (byte) 0xff) {
                    at++;
                }
                if (at + 1 >= file.length) {
                    throw Refusal.cutOff("JPEG");
                }
                int following = file[at + 1] & 0xff;
                if (following != 0 && following != 0xff && (following < 0xd0 || following > 0xd7)) {
                    break;
                }
                at += following == 0xff ? 1 : 2;
            }
            kept.write(file, from, at - from);
        }

        private Samples kind() {
            int components = file[frame + 7] & 0xff;
            return switch (components) {
                case 1 -> Samples.GRAY;
                case 3 -> isRgb() ? Samples.RGB : Samples.YCC;
                case 4 -> adobe == NO_ADOBE || adobe == 0 ? Samples.CMYK : Samples.YCCK;
                default -> throw Refusal.unsupported("a JPEG of " + components + " components");
            };
        }

        private boolean isRgb() {
            if (isJfif) {
                return false;
            }
            if (adobe != NO_ADOBE) {
                return adobe == 0;
            }
            return file[frame + 8] == 'R' && file[frame + 11] == 'G' && file[frame + 14] == 'B';
        }
    }

    /** The written bytes without a copy. */
    private static final class Compact extends ByteArrayOutputStream {
        Compact(int capacity) {
            super(capacity);
        }

        byte[] bytes() {
            return buf;
        }
    }
}
