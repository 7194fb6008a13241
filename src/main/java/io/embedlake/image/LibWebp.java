package io.embedlake.image;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.File;
import java.io.IOException;
import java.util.Optional;

/**
 * libwebp, out of the resources of webp-imageio: of that library only the natives are used, through JNA, which unpacks them into its own
 * folder (the property {@code jna.tmpdir}, else the user's cache, else {@code java.io.tmpdir}). Thread-safe.
 */
final class LibWebp {
    /** Version 1.3.2, the first that does not write beyond its tables (CVE-2023-4863). */
    private static final int OLDEST = 0x010302;

    private static final Optional<String> FAILURE = load();

    private LibWebp() {}

    /**
     * The colours of one image, 3 bytes a pixel, alpha dropped.
     *
     * @param stream a bitstream of VP8 or VP8L alone
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when the stream is damaged or ends early, {@link
     *     ErrorKind#CONFIGURATION} when libwebp cannot be loaded
     */
    static Pixels decode(byte[] stream, int width, int height) {
        requireLoaded();
        byte[] rgb = new byte[width * height * Pixels.CHANNELS];
        // libwebp compares the size of the image with that of the array.
        if (WebPDecodeRGBInto(stream, stream.length, rgb, rgb.length, width * Pixels.CHANNELS) == 0) {
            throw Refusal.damaged("WebP", null);
        }
        return new Pixels(width, height, rgb);
    }

    private static void requireLoaded() {
        if (FAILURE.isPresent()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read WebP images: libwebp cannot be loaded (" + FAILURE.get()
                            + "). Use Linux with glibc 2.27 or newer, on x86-64 or aarch64, and where programs may not run from the"
                            + " folders of temporary files, set jna.tmpdir to a folder where they may.");
        }
    }

    private static Optional<String> load() {
        try {
            if (LibWebp.class.getResource(resource()) == null) {
                return Optional.of("the class path has none for " + Platform.RESOURCE_PREFIX);
            }
            File library = Native.extractFromResourcePath(resource(), LibWebp.class.getClassLoader());
            Native.register(LibWebp.class, NativeLibrary.getInstance(library.getAbsolutePath()));
            // Linux keeps what is loaded; a process that is killed leaves nothing behind.
            if (Platform.isLinux() && !library.delete()) {
                library.deleteOnExit();
            }
            return WebPGetDecoderVersion() < OLDEST
                    ? Optional.of("the class path brings a version before 1.3.2, which is not safe")
                    : Optional.empty();
        } catch (IOException | LinkageError e) {
            return Optional.of(String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
    }

    private static String resource() {
        String system = Platform.isMac() ? "Mac" : Platform.isWindows() ? "Windows" : "Linux";
        String processor = Platform.ARCH.replace('-', '_');
        return "/native/" + system + "/" + processor + "/" + System.mapLibraryName("webp-imageio");
    }

    /** Returns the address of {@code rgb}, or 0. */
    private static native long WebPDecodeRGBInto(byte[] stream, long length, byte[] rgb, long size, int stride);

    private static native int WebPGetDecoderVersion();
}
