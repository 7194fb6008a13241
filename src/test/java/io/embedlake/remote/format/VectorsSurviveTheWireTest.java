package io.embedlake.remote.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.embedlake.remote.platform.Formats;
import io.embedlake.testing.Property;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VectorsSurviveTheWireTest {
    private static final ModelFormat FORMAT = Formats.of("openai", "text-embedding-3-small");

    @Test
    void inAnyOrderAndEitherEncoding() {
        Property.holds(300, random -> {
            int texts = 1 + random.nextInt(20);
            int dimension = 1 + random.nextInt(2000);
            List<float[]> sent = new ArrayList<>();
            List<String> items = new ArrayList<>();
            for (int i = 0; i < texts; i++) {
                float[] vector = vector(random, dimension);
                sent.add(vector);
                String written = random.nextBoolean() ? base64(vector) : decimal(random, vector);
                items.add("{\"object\":\"embedding\",\"embedding\":" + written + ",\"index\":" + i + "}");
            }
            Collections.shuffle(items, random);

            Reading reading = FORMAT.read(Goldens.ok("{\"data\":[" + String.join(",", items) + "]}"), texts);

            List<float[]> read = assertInstanceOf(Reading.Answer.class, reading, reading.toString())
                    .vectors();
            for (int i = 0; i < texts; i++) {
                assertArrayEquals(sent.get(i), read.get(i));
            }
        });
    }

    @Test
    void orNotAtAllWhereTheBodyIsCut() {
        Property.holds(300, random -> {
            String body = "{\"data\":[{\"index\":0,\"embedding\":" + decimal(random, vector(random, 8)) + "}]}";
            String cut = body.substring(0, random.nextInt(body.length()));

            assertEquals(
                    Cause.WRONG_ANSWER,
                    assertInstanceOf(Reading.Fault.class, FORMAT.read(Goldens.ok(cut), 1), cut)
                            .cause());
        });
    }

    @Test
    void orNotAtAllWhereOneValueIsBroken() {
        Property.holds(300, random -> {
            float[] vector = vector(random, 1 + random.nextInt(100));
            vector[random.nextInt(vector.length)] =
                    new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}[random.nextInt(3)];
            String written = random.nextBoolean() ? base64(vector) : decimal(random, vector);

            assertEquals(
                    Cause.WRONG_ANSWER,
                    assertInstanceOf(
                                    Reading.Fault.class,
                                    FORMAT.read(
                                            Goldens.ok("{\"data\":[{\"index\":0,\"embedding\":" + written + "}]}"), 1))
                            .cause());
        });
    }

    /** Not all zeros, which no model answers with: a short one was by chance. */
    private static float[] vector(Random random, int dimension) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = random.nextInt(10) == 0 ? random.nextInt(3) - 1 : (float) random.nextGaussian();
        }
        int one = random.nextInt(dimension);
        if (vector[one] == 0) {
            vector[one] = 1;
        }
        return vector;
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
            bytes.putFloat(value);
        }
        return "\"" + Base64.getEncoder().encodeToString(bytes.array()) + "\"";
    }

    /** As floats print, as doubles print, or with an exponent. */
    private static String decimal(Random random, float[] vector) {
        List<String> values = new ArrayList<>();
        for (float value : vector) {
            values.add(
                    !Float.isFinite(value)
                            ? "null"
                            : switch (random.nextInt(3)) {
                                case 0 -> Float.toString(value);
                                case 1 -> Double.toString(value);
                                default -> String.format(Locale.ROOT, "%.12e", value);
                            });
        }
        return "[" + String.join(", ", values) + "]";
    }
}
