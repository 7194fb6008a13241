package io.embedlake.reduce.pca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentsTest {
    /** Awkward sizes: 1, primes, around blocks of rows and tiles of columns. */
    @ParameterizedTest
    @CsvSource({
        "2, 1", "3, 2", "5, 3", "127, 7", "128, 8", "129, 31", "131, 64", "257, 97", "64, 255", "40, 383", "40, 384",
        "40, 385", "60, 770"
    })
    void areThoseOfThePlainFormulas(int rows, int columns) {
        assertLikePlain(random(new Random(rows * 1000L + columns), rows, columns, 0));
    }

    @Test
    void areThoseOfThePlainFormulasForAnySize() {
        Property.holds(
                30,
                random -> assertLikePlain(
                        random(random, 2 + random.nextInt(400), 1 + random.nextInt(90), random.nextInt(3))));
    }

    private static void assertLikePlain(float[][] vectors) {
        Moments moments = of(vectors, 0, vectors.length);
        double scale = 0;
        for (double value : covariance(vectors)) {
            scale = Math.max(scale, Math.abs(value));
        }
        assertEquals(vectors.length, moments.count());
        assertArrayEquals(mean(vectors), moments.mean(), 1e-9);
        assertArrayEquals(covariance(vectors), moments.covariance(), 1e-12 * Math.max(1, scale));
    }

    @Test
    void partsTogetherAreTheWhole() {
        Property.holds(30, random -> {
            float[][] vectors = random(random, 3 + random.nextInt(500), 1 + random.nextInt(40), 1);
            Moments whole = of(vectors, 0, vectors.length);
            Moments parts = new Moments(vectors[0].length);
            for (int from = 0; from < vectors.length; ) {
                int to = Math.min(vectors.length, from + random.nextInt(200));
                parts.add(of(vectors, from, to).finish());
                from = to;
            }
            assertEquals(whole.count(), parts.count());
            assertArrayEquals(whole.mean(), parts.mean(), 1e-9);
            assertArrayEquals(whole.covariance(), parts.covariance(), 1e-9);
        });
    }

    /** The textbook's sum of squares less the square of the sum has no digit left here. */
    @ParameterizedTest
    @ValueSource(floats = {0, 1e3f, 1e4f})
    void aLargeMeanCostsNoDigits(float mean) {
        float[][] vectors = new float[1000][3];
        Random random = new Random(5);
        for (float[] vector : vectors) {
            for (int i = 0; i < vector.length; i++) {
                vector[i] = mean + random.nextInt(1024) / 1024f;
            }
        }
        double[] expected = covariance(vectors);
        assertArrayEquals(expected, of(vectors, 0, 1000).covariance(), 1e-12);
    }

    @Test
    void vectorsMayBeAddedAfterTheMomentsWereRead() {
        float[][] vectors = random(new Random(3), 300, 5, 0);
        Moments moments = of(vectors, 0, 100);
        assertEquals(100, moments.count());
        for (int i = 100; i < 300; i++) {
            moments.add(vectors[i]);
        }
        assertArrayEquals(of(vectors, 0, 300).covariance(), moments.covariance(), 1e-12);
    }

    @Test
    void travelsFinished() throws IOException, ClassNotFoundException {
        Moments moments = of(random(new Random(4), 70, 9, 0), 0, 70).finish();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(moments);
        }
        assertTrue(bytes.size() < moments.bytes() + 1000);
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertArrayEquals(moments.covariance(), ((Moments) in.readObject()).covariance());
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesWhatIsNotFinite(float value) {
        Moments moments = new Moments(3);
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> moments.add(new float[] {1, value, 2}));
        assertEquals("a vector with a value that is not finite", refusal.getMessage());
    }

    @Test
    void refusesOtherLengths() {
        Moments moments = new Moments(3);
        assertEquals(
                "a vector of 2 values beside one of 3",
                assertThrows(IllegalArgumentException.class, () -> moments.add(new float[2]))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> moments.add(new Moments(4)));
        assertThrows(IllegalArgumentException.class, () -> new Moments(0));
        assertThrows(IllegalStateException.class, moments::covariance);
    }

    private static Moments of(float[][] vectors, int from, int to) {
        Moments moments = new Moments(vectors[0].length);
        for (int i = from; i < to; i++) {
            moments.add(vectors[i]);
        }
        return moments;
    }

    private static float[][] random(Random random, int rows, int columns, float mean) {
        float[][] vectors = new float[rows][columns];
        for (float[] vector : vectors) {
            for (int i = 0; i < columns; i++) {
                vector[i] = mean + (float) random.nextGaussian() / (1 + i % 7);
            }
        }
        return vectors;
    }

    private static double[] mean(float[][] vectors) {
        double[] mean = new double[vectors[0].length];
        for (float[] vector : vectors) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += (double) vector[i] / vectors.length;
            }
        }
        return mean;
    }

    /** The upper triangle, row after row. */
    private static double[] covariance(float[][] vectors) {
        double[] mean = mean(vectors);
        int columns = mean.length;
        double[] covariance = new double[columns * (columns + 1) / 2];
        for (float[] vector : vectors) {
            int place = 0;
            for (int i = 0; i < columns; i++) {
                for (int j = i; j < columns; j++) {
                    covariance[place++] += (vector[i] - mean[i]) * (vector[j] - mean[j]) / (vectors.length - 1);
                }
            }
        }
        return covariance;
    }
}
