package io.embedlake.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.embed.ErrorKind;
import io.embedlake.reduce.PcaReducer;
import io.embedlake.spark.Lake;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.collection.mutable.ArraySeq;

class PcaFitterTest {
    private static final StructType SCHEMA = StructType.fromDDL("key STRING, vector ARRAY<FLOAT>");

    @ParameterizedTest
    @CsvSource({"200, 16, 4", "20, 48, 8", "9, 128, 8", "65, 96, 64", "3, 16, 2"})
    void keepsAsMuchVarianceAsItsProjectionHas(int rows, int size, int dimensions) {
        float[][] vectors = random(rows, size, 3);

        PcaReducer reducer = fit(vectors, dimensions);

        double total = variance(vectors);
        float[][] projected = new float[rows][];
        for (int i = 0; i < rows; i++) {
            projected[i] = reducer.reduce(vectors[i]);
        }
        assertEquals(variance(projected) / total, reducer.varianceKept(), 1e-5);
        for (int k = 0; k < dimensions; k++) {
            assertEquals(variance(column(projected, k)) / total, reducer.explainedVariance()[k], 1e-5);
        }
        assertOrthonormal(reducer.components());
    }

    @Test
    void keepsAllVarianceWhenTheDimensionsSpanTheSample() {
        assertEquals(1, fit(random(9, 64, 5), 8).varianceKept(), 1e-9);
    }

    /** MLlib's own PCA fails on many of these. */
    @Test
    void findsTheSameComponentsInWhateverOrderASmallSampleOfSparseVectorsCame() {
        List<float[]> vectors = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 40; i++) {
            float[] vector = new float[96];
            for (int j = 0; j < 12; j++) {
                vector[random.nextInt(96)] = random.nextBoolean() ? 0.3f : -0.2f;
            }
            vectors.add(vector);
        }
        double[] first = fit(vectors.toArray(float[][]::new), 12).explainedVariance();
        for (int seed = 0; seed < 6; seed++) {
            Collections.shuffle(vectors, new Random(seed));
            assertArrayEquals(first, fit(vectors.toArray(float[][]::new), 12).explainedVariance(), 1e-9);
        }
    }

    @Test
    void givesTheSameBitsForTheSameRowsHoweverTheyArePartitioned() {
        float[][] vectors = random(50, 24, 11);
        PcaReducer one = PcaFitter.fit(table(vectors).repartition(1), "vector", "key", 6);
        PcaReducer many = PcaFitter.fit(table(vectors).repartition(5), "vector", "key", 6);
        for (int k = 0; k < 6; k++) {
            assertArrayEquals(one.components()[k], many.components()[k]);
        }
        assertArrayEquals(one.explainedVariance(), many.explainedVariance());
        assertArrayEquals(one.mean(), many.mean());
    }

    @Test
    void makesTheLargestValueOfEachComponentPositive() {
        for (float[] component : fit(random(50, 24, 13), 6).components()) {
            float largest = 0;
            for (float value : component) {
                largest = Math.abs(value) > Math.abs(largest) ? value : largest;
            }
            assertTrue(largest > 0);
        }
    }

    @Test
    void savesTheMeanOfTheSample() {
        PcaReducer reducer = fit(new float[][] {{1, 0, 4}, {3, 2, 4}, {2, 4, 4}}, 1);
        assertArrayEquals(new float[] {2, 2, 4}, reducer.mean());
    }

    @Test
    void refusesVectorsThatAreAllAlike() {
        float[][] same = new float[12][16];
        for (float[] vector : same) {
            vector[3] = 1;
        }
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> fit(same, 4),
                "Cannot fit PCA to 4 dimensions",
                "all alike",
                "Set reduce.method to none");
    }

    private static PcaReducer fit(float[][] vectors, int dimensions) {
        return PcaFitter.fit(table(vectors), "vector", "key", dimensions);
    }

    private static Dataset<Row> table(float[][] vectors) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < vectors.length; i++) {
            rows.add(RowFactory.create(String.format("%06d", i), new ArraySeq.ofFloat(vectors[i])));
        }
        return Lake.spark().createDataFrame(rows, SCHEMA);
    }

    private static float[][] random(int rows, int size, long seed) {
        Random random = new Random(seed);
        float[][] vectors = new float[rows][size];
        for (float[] vector : vectors) {
            for (int i = 0; i < size; i++) {
                vector[i] = (float) random.nextGaussian() / (1 + i % 7);
            }
        }
        return vectors;
    }

    private static float[][] column(float[][] vectors, int k) {
        float[][] column = new float[vectors.length][1];
        for (int i = 0; i < vectors.length; i++) {
            column[i][0] = vectors[i][k];
        }
        return column;
    }

    /** The sum of the variances of all dimensions. */
    private static double variance(float[][] vectors) {
        double variance = 0;
        for (int k = 0; k < vectors[0].length; k++) {
            double mean = 0;
            for (float[] vector : vectors) {
                mean += vector[k] / (double) vectors.length;
            }
            for (float[] vector : vectors) {
                variance += (vector[k] - mean) * (vector[k] - mean) / (vectors.length - 1);
            }
        }
        return variance;
    }

    private static void assertOrthonormal(float[][] components) {
        for (int a = 0; a < components.length; a++) {
            for (int b = 0; b <= a; b++) {
                double dot = 0;
                for (int i = 0; i < components[a].length; i++) {
                    dot += (double) components[a][i] * components[b][i];
                }
                assertEquals(a == b ? 1 : 0, dot, 1e-5);
            }
        }
    }
}
