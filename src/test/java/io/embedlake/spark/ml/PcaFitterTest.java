package io.embedlake.spark.ml;

import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.spark.job.Lake;
import io.embedlake.spi.ErrorKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
    void givesTheSameBitsForTheSamePartitions() {
        Dataset<Row> rows =
                table(random(500, 24, 11)).repartitionByRange(70, col("key")).sortWithinPartitions("key");
        PcaReducer one = PcaFitter.fit(rows, "vector", 6);
        PcaReducer again = PcaFitter.fit(rows, "vector", 6);
        for (int k = 0; k < 6; k++) {
            assertArrayEquals(one.components()[k], again.components()[k]);
        }
        assertArrayEquals(one.explainedVariance(), again.explainedVariance());
        assertArrayEquals(one.mean(), again.mean());
    }

    /** Some of the 200 partitions are empty, and more than 32 are put together in two steps. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 33, 200})
    void findsTheSameComponentsHoweverTheRowsArePartitioned(int partitions) {
        float[][] vectors = random(150, 24, 17);
        PcaReducer expected = fit(vectors, 6);
        PcaReducer actual = PcaFitter.fit(table(vectors).repartition(partitions), "vector", 6);
        for (int k = 0; k < 6; k++) {
            assertArrayEquals(expected.components()[k], actual.components()[k], 1e-5f);
        }
        assertArrayEquals(expected.explainedVariance(), actual.explainedVariance(), 1e-9);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 33})
    void refusesAnEmptySample(int partitions) {
        Dataset<Row> none = table(random(5, 24, 17)).where("key = ''").repartition(partitions);
        Lake.refused(ErrorKind.CONFIGURATION, () -> PcaFitter.fit(none, "vector", 6), "the sample is empty");
    }

    @Test
    void knowsTheWholeSpectrum() {
        double[] spectrum = fit(random(300, 24, 19), 6).explainedVariance();
        assertEquals(24, spectrum.length);
        assertEquals(1, Arrays.stream(spectrum).sum(), 1e-9);
        for (int i = 1; i < spectrum.length; i++) {
            assertTrue(spectrum[i] <= spectrum[i - 1]);
        }
    }

    @ParameterizedTest
    @CsvSource({"300, 24, 6", "100, 64, 64", "2000, 96, 32", "40, 96, 12"})
    void spansTheSubspaceOfSparksOwnFit(int rows, int size, int dimensions) {
        float[][] vectors = random(rows, size, 23);
        float[][] ours = fit(vectors, dimensions).components();
        DenseMatrix theirs = new PCA()
                .setInputCol("features")
                .setOutputCol("short")
                .setK(dimensions)
                .fit(table(vectors)
                        .select(functions.array_to_vector(col("vector")).as("features")))
                .pc();
        assertTrue(largestAngle(ours, theirs) < 1e-5, "the angle between the subspaces");
    }

    /** The sine of the largest principal angle: what is left of their components outside of ours. */
    private static double largestAngle(float[][] ours, DenseMatrix theirs) {
        double largest = 0;
        for (int k = 0; k < ours.length; k++) {
            double[] rest = new double[ours[0].length];
            for (int i = 0; i < rest.length; i++) {
                rest[i] = theirs.apply(i, k);
            }
            for (float[] component : ours) {
                double dot = 0;
                for (int i = 0; i < rest.length; i++) {
                    dot += component[i] * theirs.apply(i, k);
                }
                for (int i = 0; i < rest.length; i++) {
                    rest[i] -= dot * component[i];
                }
            }
            double squares = 0;
            for (double value : rest) {
                squares += value * value;
            }
            largest = Math.max(largest, Math.sqrt(squares));
        }
        return largest;
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void refusesAStoreWithValuesThatAreNotFinite(float value) {
        float[][] vectors = random(20, 8, 29);
        vectors[7][3] = value;
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> fit(vectors, 4),
                "Cannot fit a reduction: the store holds a vector with a value that is not finite");
    }

    @Test
    void refusesAStoreWithVectorsOfTwoLengths() {
        float[][] vectors = random(20, 8, 31);
        vectors[7] = new float[5];
        Lake.refused(
                ErrorKind.CONFIGURATION, () -> fit(vectors, 4), "the store holds a vector of 5 values beside one of 8");
    }

    @Test
    void refusesToMakeVectorsLonger() {
        Lake.refused(ErrorKind.CONFIGURATION, () -> fit(random(20, 8, 37), 9), "the vectors have 8");
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
        return PcaFitter.fit(table(vectors), "vector", dimensions);
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

    @Test
    void becomesAModelOfMllibAndComesBack() {
        Dataset<Row> sample = table(random(80, 12, 9));
        PcaReducer reducer = PcaFitter.fit(sample, "vector", 3);
        PCAModel model = MllibPca.model(reducer);
        assertArrayEquals(
                reducer.components(), MllibPca.reducer(model, reducer.mean()).components());
        Dataset<Row> transformed = model.setInputCol("features")
                .setOutputCol("short")
                .transform(sample.select(
                        col("vector"),
                        functions
                                .array_to_vector(col("vector").cast("array<double>"))
                                .as("features")))
                .select(
                        col("vector"),
                        functions.vector_to_array(col("short"), "float64").as("short"));
        for (Row row : transformed.collectAsList()) {
            float[] reduced = reducer.reduce(floats(row.getList(0)));
            for (int i = 0; i < 3; i++) {
                assertEquals(row.<Double>getList(1).get(i), reduced[i], 1e-5);
            }
        }
        PcaReducer fitted = MllibPca.fit(sample, "vector", 3, new double[12]);
        assertEquals(reducer.varianceKept(), fitted.varianceKept(), 1e-6);
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }
}
