package io.embedlake.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenProcessorsTest {
    static List<String> processors() {
        return GoldenImages.processors();
    }

    @ParameterizedTest
    @MethodSource("processors")
    void pixelValuesAreThoseOfTransformers(String name) throws IOException {
        ImageProcessor processor =
                ImageProcessor.of("m", GoldenImages.json("processors/" + name + "/preprocessor_config.json"), "");
        for (JsonNode golden : GoldenImages.cases(name).get("cases")) {
            String file = golden.get("file").asText();
            Pixels prepared = processor.prepare(ImageDecoder.decode(GoldenImages.file(file), ImageLimits.DEFAULT));
            assertEquals(golden.get("shape").get(1).asInt(), prepared.height(), file);
            assertEquals(golden.get("shape").get(2).asInt(), prepared.width(), file);
            assertEquals(
                    new ImageSize(prepared.width(), prepared.height()),
                    processor.size().orElseThrow());
            if (file.equals("gray16.png")) {
                continue;
            }
            ByteBuffer expected = ByteBuffer.wrap(golden.get("pixel_values_b64").binaryValue())
                    .order(ByteOrder.LITTLE_ENDIAN);
            float[] values = processor.values(prepared);
            boolean isJpeg = GoldenImages.expected(file).get("jpeg").asBoolean();
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                double difference = Math.abs(values[i] - expected.getFloat(4 * i));
                sum += difference;
                assertTrue(isJpeg || difference <= 1e-5, file + ": " + difference + " at " + i);
            }
            // 0.6 of 255, divided by the smallest standard deviation.
            assertTrue(sum / values.length < 0.6 / 255 / 0.22, file + ": mean difference " + sum / values.length);
        }
    }
}
