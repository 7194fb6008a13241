package io.embedlake.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenDecodingTest {
    static List<String> names() {
        return GoldenImages.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void filesAreDecodedAsPillowDoes(String name) throws IOException {
        JsonNode expected = GoldenImages.expected(name);
        byte[] file = GoldenImages.file(name);
        if (expected.get("expect").asText().equals("refuse")) {
            EmbedlakeException refusal =
                    assertThrows(EmbedlakeException.class, () -> ImageDecoder.decode(file, ImageLimits.DEFAULT));
            assertEquals(ErrorKind.INVALID_INPUT, refusal.kind());
            assertTrue(refusal.getMessage().startsWith("Cannot read the image: it "), refusal.getMessage());
            return;
        }
        Pixels pixels = ImageDecoder.decode(file, ImageLimits.DEFAULT);
        assertEquals(expected.get("width").asInt(), pixels.width());
        assertEquals(expected.get("height").asInt(), pixels.height());
        if (!expected.has("rgb_b64") || name.equals("gray16.png")) {
            return;
        }
        byte[] rgb = expected.get("rgb_b64").binaryValue();
        if (!expected.get("jpeg").asBoolean()) {
            assertArrayEquals(rgb, pixels.rgb());
            return;
        }
        requireNear(rgb, pixels.rgb());
    }

    static List<Path> webp() {
        return GoldenImages.webp();
    }

    @ParameterizedTest
    @MethodSource("webp")
    void webpIsDecodedToTheBitAsPillowDoes(Path file) throws IOException {
        Pixels pixels = ImageDecoder.decode(Files.readAllBytes(file), ImageLimits.DEFAULT);
        Path expected = Path.of(file.toString().replace(".webp", ".rgb"));
        assertArrayEquals(Files.readAllBytes(expected), pixels.rgb());
    }

    private static void requireNear(byte[] expected, byte[] rgb) {
        assertEquals(expected.length, rgb.length);
        long sum = 0;
        int far = 0;
        for (int i = 0; i < rgb.length; i++) {
            int difference = Math.abs((expected[i] & 0xff) - (rgb[i] & 0xff));
            sum += difference;
            far += difference > 8 ? 1 : 0;
        }
        assertTrue(sum <= 0.6 * rgb.length, "mean difference " + (double) sum / rgb.length);
        assertTrue(far <= 0.001 * rgb.length, far + " of " + rgb.length + " bytes differ by more than 8");
    }
}
