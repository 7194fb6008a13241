package io.embedlake.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedImagesTest {
    private static final int CHANGES = 60;
    private static final ImageLimits SMALL = new ImageLimits(100_000_000, 4_000_000);

    static List<String> loadable() {
        return GoldenImages.loadable();
    }

    @ParameterizedTest
    @MethodSource("loadable")
    void changedAndShortenedFilesEndInPixelsOrARefusal(String name) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] file = GoldenImages.file(name);
        for (int i = 0; i < CHANGES; i++) {
            byte[] changed = Arrays.copyOf(file, i % 2 == 0 ? file.length : random.nextInt(file.length));
            int flips = changed.length == 0 ? 0 : random.nextInt(8);
            // The first bytes, where the header is, are hit more often.
            int reach = i % 3 == 0 ? Math.min(64, changed.length) : changed.length;
            for (int flip = 0; flip < flips; flip++) {
                changed[random.nextInt(reach)] = (byte) random.nextInt(256);
            }
            pixelsOrRefusal(name + " with the seed " + seed + ", change " + i, changed);
        }
    }

    static List<Path> webp() {
        return GoldenImages.webp();
    }

    /** Sizes that agree with the file lead its damage past our reading of the chunks, to libwebp. */
    @ParameterizedTest
    @MethodSource("webp")
    void damageInsideTheChunksOfWebpEndsInPixelsOrARefusal(Path name) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] file = Files.readAllBytes(name);
        for (int i = 0; i < 10 * CHANGES; i++) {
            byte[] changed = Arrays.copyOf(file, i % 2 == 0 ? file.length : 21 + random.nextInt(file.length - 21));
            for (int flip = random.nextInt(1 << i % 8); flip >= 0; flip--) {
                changed[20 + random.nextInt(changed.length - 20)] = (byte) random.nextInt(256);
            }
            pixelsOrRefusal(name + " with the seed " + seed + ", change " + i, withSizes(changed));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"quality-30", "quality-95", "alpha-lossless", "one-column"})
    void aWebpWhoseDataEndEarlyIsRefusedEvenIfItsSizesAgree(String name) throws IOException {
        Path golden = GoldenImages.webp().get(0).resolveSibling(name + ".webp");
        byte[] file = Files.readAllBytes(golden);
        for (int length = 21; length < file.length - 16; length += 1 + file.length / 50) {
            byte[] cut = withSizes(Arrays.copyOf(file, length));
            EmbedlakeException refusal = assertThrows(
                    EmbedlakeException.class, () -> ImageDecoder.decode(cut, SMALL), "the first " + length + " bytes");
            assertEquals(ErrorKind.INVALID_INPUT, refusal.kind());
        }
    }

    private static byte[] withSizes(byte[] webp) {
        ByteBuffer numbers =
                ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).putInt(4, webp.length - 8);
        if (webp[15] != 'X') {
            numbers.putInt(16, webp.length - 20);
        }
        return webp;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "large.jpg",
                "progressive.jpg",
                "large.png",
                "palette.gif",
                "lossless.webp",
                "rgb.tiff",
                "rgb.bmp"
            })
    void aFileThatIsCutOffIsRefused(String name) {
        byte[] file = GoldenImages.file(name);
        for (int length = 2; length < file.length - 16; length += Math.max(1, file.length / 50)) {
            byte[] cut = Arrays.copyOf(file, length);
            EmbedlakeException refusal = assertThrows(
                    EmbedlakeException.class, () -> ImageDecoder.decode(cut, SMALL), "the first " + length + " bytes");
            assertEquals(ErrorKind.INVALID_INPUT, refusal.kind());
        }
    }

    @Test
    void aJpegWhoseDataEndBeforeItsEndMarkerIsNotHalfGray() {
        byte[] file = GoldenImages.file("large.jpg");
        byte[] cut = Arrays.copyOf(file, file.length / 2);
        cut[cut.length - 2] = (byte) 0xff;
        cut[cut.length - 1] = (byte) 0xd9;
        assertEquals(
                "Cannot read the image: it is cut off (the JPEG file ends before its last pixel).",
                refusal(cut, SMALL));
    }

    @Test
    void oddFilesOfOthersEndInPixelsOrARefusal() throws IOException {
        int pixels = 0;
        int refusals = 0;
        for (Odd file : odd()) {
            if (pixelsOrRefusal(file.name(), file.bytes())) {
                pixels++;
            } else {
                refusals++;
            }
        }
        assertTrue(pixels > 3 * refusals, pixels + " decoded, " + refusals + " refused");
    }

    private record Odd(String name, byte[] bytes) {}

    private static List<Odd> odd() throws IOException {
        URL one = DamagedImagesTest.class.getResource("/jpeg/");
        String jar = one.getPath().replaceFirst("^file:", "").replaceFirst("!.*", "");
        List<Odd> files = new ArrayList<>();
        try (JarFile all = new JarFile(Path.of(jar).toFile())) {
            for (Enumeration<JarEntry> entries = all.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                if (entry.getName().matches(".*\\.(jpe?g|png|tiff?|gif|bmp|webp)")) {
                    try (InputStream in = all.getInputStream(entry)) {
                        files.add(new Odd(entry.getName(), in.readAllBytes()));
                    }
                }
            }
        }
        assertTrue(files.size() > 50, files.size() + " files");
        return files;
    }

    private static boolean pixelsOrRefusal(String what, byte[] file) {
        return assertTimeout(
                Duration.ofSeconds(20),
                () -> {
                    try {
                        ImageDecoder.decode(file, new ImageLimits(100_000_000, 40_000_000));
                        return true;
                    } catch (EmbedlakeException e) {
                        assertEquals(ErrorKind.INVALID_INPUT, e.kind(), what);
                        return false;
                    } catch (RuntimeException | Error e) {
                        return fail(what, e);
                    }
                },
                what);
    }

    private static String refusal(byte[] file, ImageLimits limits) {
        return assertThrows(EmbedlakeException.class, () -> ImageDecoder.decode(file, limits))
                .getMessage();
    }
}
