package io.embedlake.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageProcessorTest {
    private static final String CLIP = "'image_processor_type': 'CLIPImageProcessor'";

    @Test
    void aFileWithoutAClassHasThatOfItsModel() {
        assertEquals(
                Optional.of(new ImageSize(384, 384)), of("'size': 384", "vit").size());
        assertEquals(
                Optional.empty(),
                of("'size': 384, 'do_center_crop': false", "clip").size());
        assertEquals(
                "Cannot use the model m: preprocessor_config.json (it names no image_processor_type, and none is known for the"
                        + " model_type 'bert'). Change the key model.",
                refusal("'size': 384", "bert"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "'image_processor_type': 'Siglip2ImageProcessorFast', Siglip2ImageProcessor",
                "\"'image_processor_type': 'CLIPImageProcessor', 'do_pad': true\", do_pad",
                "\"'image_processor_type': 'CLIPImageProcessor', 'size': {'longest_edge': 5}\", size",
                "\"'image_processor_type': 'CLIPImageProcessor', 'crop_size': {'height': 5}\", crop_size",
                "\"'image_processor_type': 'CLIPImageProcessor', 'resample': 9\", resample",
                "\"'image_processor_type': 'CLIPImageProcessor', 'image_mean': [1, 2]\", image_mean",
                "\"'image_processor_type': 'CLIPImageProcessor', 'image_std': 0\", image_std",
                "\"'image_processor_type': 'CLIPImageProcessor', 'size': 'large'\", size"
            })
    void whatIsNotSupportedIsRefusedByName(String options, String name) {
        String message = refusal(options, "");
        assertTrue(message.startsWith("Cannot use the model m: " + name + " in preprocessor_config.json ("), message);
    }

    @Test
    void optionsThatAreNullHaveTheDefaultOfTheClass() {
        assertEquals(
                of(CLIP, "").settings(),
                of(CLIP + ", 'size': null, 'do_pad': null, 'crop_size': null", "")
                        .settings());
    }

    @Test
    void settingsNameAllThatChangesPixelValues() {
        assertEquals(
                Map.of(
                        "resize", "shortest edge 224",
                        "resample", "bicubic",
                        "crop", "224x224",
                        "scale", "0.00392156862745098",
                        "mean", "[0.48145467, 0.4578275, 0.40821072]",
                        "std", "[0.26862955, 0.2613026, 0.2757771]"),
                of(CLIP, "").settings());
    }

    @Test
    void knownFamiliesHaveAnAssumedProcessor() {
        assertEquals(
                of("'size': 384, 'image_processor_type': 'ViTImageProcessor'", "")
                        .settings(),
                assumed("vit", 384));
        assertEquals(of(CLIP + ", 'size': 336, 'crop_size': 336", "").settings(), assumed("clip", 336));
        Map<String, String> dinov2 = assumed("dinov2", 518);
        assertEquals("shortest edge 256", dinov2.get("resize"));
        assertEquals("224x224", dinov2.get("crop"));
        assertEquals("[0.485, 0.456, 0.406]", dinov2.get("mean"));
        assertEquals("438x438", assumed("deit", 384).get("resize"));
        assertEquals("384x384", assumed("deit", 384).get("crop"));
        assertEquals("256x256", assumed("siglip", 256).get("resize"));
        assertEquals("shortest edge 256", assumed("convnext", 224).get("resize"));
        assertEquals(Optional.empty(), ImageProcessor.assumed("m", "bert", 224));
    }

    @Test
    void aSmallImageIsCroppedWithBlackAroundIt() {
        ImageProcessor processor = of(CLIP + ", 'do_resize': false, 'crop_size': {'height': 2, 'width': 4}", "");
        Pixels prepared = processor.prepare(new Pixels(1, 1, new byte[] {7, 8, 9}));
        byte[] expected = new byte[24];
        System.arraycopy(new byte[] {7, 8, 9}, 0, expected, 3 * 4 + 3 * 2, 3);
        assertArrayEquals(expected, prepared.rgb());
    }

    @Test
    void bytesStayBytesWhereNothingIsRescaledOrNormalised() {
        ImageProcessor processor = of(CLIP + ", 'do_rescale': false, 'do_normalize': false, 'crop_size': 1", "");
        assertArrayEquals(new float[] {7, 200, 9}, processor.values(new Pixels(1, 1, new byte[] {7, (byte) 200, 9})));
        assertEquals(1, processor.scale());
        assertArrayEquals(new float[] {0, 0, 0}, processor.mean());
        assertArrayEquals(new float[] {1, 1, 1}, processor.std());
    }

    @Test
    void extremeShapesArePreparedInAsMuchMemoryAsTheResultNeeds() {
        ImageProcessor clip = of(CLIP, "");
        assertEquals(224, clip.prepare(new Pixels(60_000, 1, new byte[180_000])).width());
        assertEquals(224, clip.prepare(new Pixels(1, 60_000, new byte[180_000])).height());
        ImageProcessor vit = of("'image_processor_type': 'ViTImageProcessor'", "");
        assertEquals(224, vit.prepare(new Pixels(1, 100_000, new byte[300_000])).height());
        EmbedlakeException refusal =
                assertThrows(EmbedlakeException.class, () -> clip.prepare(new Pixels(200_000, 1, new byte[600_000])));
        assertEquals(ErrorKind.INVALID_INPUT, refusal.kind());
        assertEquals(
                "Cannot read the image: its shape is too extreme (resized, it would pass through 44800000 x 224 pixels).",
                refusal.getMessage());
    }

    private static Map<String, String> assumed(String modelType, int imageSize) {
        return ImageProcessor.assumed("m", modelType, imageSize).orElseThrow().settings();
    }

    private static ImageProcessor of(String options, String modelType) {
        try {
            return ImageProcessor.of(
                    "m", new ObjectMapper().readTree("{" + options.replace('\'', '"') + "}"), modelType);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String refusal(String options, String modelType) {
        EmbedlakeException refusal = assertThrows(EmbedlakeException.class, () -> of(options, modelType));
        assertEquals(ErrorKind.CONFIGURATION, refusal.kind());
        return refusal.getMessage();
    }
}
