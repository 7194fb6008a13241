package io.embedlake.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.EmbedlakeException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class ImageDecoderTest {
    private static final byte[] SIX = {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6};

    @Test
    void whatIsNoImageIsNamed() {
        assertEquals("Cannot read the image: it is empty (a file of no bytes).", refusal(new byte[0]));
        assertEquals("Cannot read the image: it is text, not an image.", refusal(utf8("<!DOCTYPE html><html>")));
        assertEquals("Cannot read the image: it is text, not an image.", refusal(utf8("größe,".repeat(200))));
        assertEquals(
                "Cannot read the image: it is not an image of a supported format (JPEG, PNG, GIF, BMP, TIFF or WebP).",
                refusal(new byte[] {0, 1, 2, 3, 4, 5}));
    }

    @Test
    void aFileOfTooManyBytesIsRefused() {
        EmbedlakeException refusal = assertThrows(
                EmbedlakeException.class,
                () -> ImageDecoder.decode(GoldenImages.file("rgb.png"), new ImageLimits(1000, 1_000_000)));
        assertEquals("Cannot read the image: it has 3564 bytes (at most 1000 are read).", refusal.getMessage());
    }

    @Test
    void anImageOfTooManyPixelsIsRefusedByItsHeaderInEveryFormat() {
        String rule = "Cannot read the image: it has 60000 x 60000 pixels (at most 89478485 are read).";
        assertEquals(rule, refusal(GoldenImages.file("bomb.png")));
        assertEquals(rule, refusal(sized("rgb.bmp", 18, 4, ByteOrder.LITTLE_ENDIAN)));
        assertEquals(rule, refusal(sized("palette.gif", 6, 2, ByteOrder.LITTLE_ENDIAN)));
        byte[] jpeg = GoldenImages.file("large.jpg");
        int frame = frameOf(jpeg);
        ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 60000).putShort(frame + 7, (short) 60000);
        assertEquals(rule, refusal(jpeg));
        byte[] tiff = GoldenImages.file("rgb.tiff");
        ByteBuffer numbers = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
        int entry = numbers.getInt(4) + 2;
        for (int i = 0; i < 2; i++, entry += 12) {
            numbers.putShort(entry + 2, (short) 4).putInt(entry + 8, 60000);
        }
        assertEquals(rule, refusal(tiff));
        byte[] webp = GoldenImages.file("lossless.webp");
        ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).putInt(21, 0x0fffffff);
        assertEquals("Cannot read the image: it has 16384 x 16384 pixels (at most 89478485 are read).", refusal(webp));
    }

    @Test
    void theOrientationOfAChunkOfPngIsHeededForAllEightValues() {
        byte[][] expected = {
            {1, 2, 3, 4, 5, 6},
            {3, 2, 1, 6, 5, 4},
            {6, 5, 4, 3, 2, 1},
            {4, 5, 6, 1, 2, 3},
            {1, 4, 2, 5, 3, 6},
            {4, 1, 5, 2, 6, 3},
            {6, 3, 5, 2, 4, 1},
            {3, 6, 2, 5, 1, 4}
        };
        for (int orientation = 1; orientation <= 8; orientation++) {
            Pixels turned = Orientation.upright(new Pixels(3, 2, SIX), orientation);
            assertEquals(orientation < 5 ? 3 : 2, turned.width());
            byte[] first = new byte[6];
            for (int i = 0; i < 6; i++) {
                first[i] = turned.rgb()[3 * i];
            }
            assertArrayEquals(expected[orientation - 1], first, "orientation " + orientation);
        }
    }

    @Test
    void theOrientationOfXmpCountsWhereExifSaysNothing() {
        byte[] plain = GoldenImages.file("rgb.png");
        byte[] xmp = utf8("XML:com.adobe.xmp\0\0\0\0\0<rdf:Description tiff:Orientation=\"6\"/>");
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(plain, 0, 33);
        byte[] chunk = ByteBuffer.allocate(8 + xmp.length)
                .putInt(xmp.length)
                .put(utf8("iTXt"))
                .put(xmp)
                .array();
        CRC32 sum = new CRC32();
        sum.update(chunk, 4, chunk.length - 4);
        file.writeBytes(chunk);
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
        file.write(plain, 33, plain.length - 33);
        Pixels pixels = decode(file.toByteArray());
        assertEquals(33, pixels.width());
        assertEquals(45, pixels.height());
    }

    @Test
    void theStructOfSparksImageSourceIsRead() {
        byte[] line = utf8("SPARKIMAGE 2 1 16\n");
        byte[] file = ByteBuffer.allocate(line.length + 6)
                .put(line)
                .put(new byte[] {1, 2, 3, 4, 5, 6})
                .array();
        assertArrayEquals(new byte[] {3, 2, 1, 6, 5, 4}, decode(file).rgb());
        byte[] gray = utf8("SPARKIMAGE 2 1 0\n\u0001\u0002");
        assertArrayEquals(new byte[] {1, 1, 1, 2, 2, 2}, decode(gray).rgb());
        byte[] alpha = utf8("SPARKIMAGE 1 1 24\n\u0001\u0002\u0003\u0004");
        assertArrayEquals(new byte[] {3, 2, 1}, decode(alpha).rgb());
        assertTrue(refusal(utf8("SPARKIMAGE 3 1 0\n12")).contains("it is damaged"));
        assertTrue(refusal(utf8("SPARKIMAGE 3 1 5\n12")).contains("in mode 5"));
        assertTrue(refusal(utf8("SPARKIMAGE 999999999 999999999 0\n")).contains("pixels"));
        assertTrue(refusal(utf8("SPARKIMAGE -1 -1 -1\n")).contains("text"));
    }

    private static byte[] sized(String name, int at, int bytes, ByteOrder order) {
        byte[] file = GoldenImages.file(name);
        ByteBuffer numbers = ByteBuffer.wrap(file).order(order);
        if (bytes == 2) {
            numbers.putShort(at, (short) 60000).putShort(at + 2, (short) 60000);
        } else {
            numbers.putInt(at, 60000).putInt(at + 4, 60000);
        }
        return file;
    }

    private static int frameOf(byte[] jpeg) {
        for (int i = 0; ; i++) {
            if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xc0) {
                return i;
            }
        }
    }

    private static Pixels decode(byte[] file) {
        return ImageDecoder.decode(file, ImageLimits.DEFAULT);
    }

    private static String refusal(byte[] file) {
        return assertThrows(EmbedlakeException.class, () -> decode(file)).getMessage();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
