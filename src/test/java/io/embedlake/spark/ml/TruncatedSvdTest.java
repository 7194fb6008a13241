package io.embedlake.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TruncatedSvdTest {
    /** A sparse matrix and the same one with its zeros. */
    private record Pair(SparseRows sparse, double[][] dense) {
        static Pair random(int rows, int columns, double share, long seed) {
            Random random = new Random(seed);
            Pair pair = new Pair(new SparseRows(columns), new double[rows][columns]);
            for (double[] row : pair.dense) {
                int[] indices = random.ints(0, columns)
                        .distinct()
                        .limit(Math.max(1, Math.round(share * columns)))
                        .sorted()
                        .toArray();
                float[] values = new float[indices.length];
                for (int i = 0; i < values.length; i++) {
                    // Columns differ in size, so that singular values do.
                    values[i] = (float) (random.nextGaussian() / (1 + indices[i]));
                    row[indices[i]] = values[i];
                }
                pair.sparse.add(indices, values);
            }
            return pair;
        }

        double[] gram() {
            int columns = sparse.columns();
            double[] gram = new double[columns * columns];
            for (double[] row : dense) {
                for (int i = 0; i < columns; i++) {
                    for (int j = 0; j < columns; j++) {
                        gram[i * columns + j] += row[i] * row[j];
                    }
                }
            }
            return gram;
        }
    }

    @ParameterizedTest
    @CsvSource({"400, 101, 7", "60, 131, 13", "37, 37, 37", "5, 3, 1", "2100, 67, 64"})
    void findsTheSingularValuesAndVectorsThatLapackFinds(int rows, int columns, int wanted) {
        Pair matrix = Pair.random(rows, columns, 0.3, 11);
        SymmetricEigen exact = SymmetricEigen.all(SymmetricEigen.triangle(matrix.gram(), columns), columns, wanted);

        TruncatedSvd svd = TruncatedSvd.of(matrix.sparse, wanted, 1);

        for (int k = 0; k < svd.values().length; k++) {
            assertEquals(1, svd.values()[k] / Math.sqrt(exact.values()[k]), 1e-3, "value " + k);
        }
        int sound = Math.min(wanted, 5);
        for (int k = 0; k < Math.min(sound, svd.values().length); k++) {
            double dot = 0;
            for (int column = 0; column < columns; column++) {
                dot += exact.vectors()[k][column] * svd.vectors()[column * svd.values().length + k];
            }
            assertEquals(1, Math.abs(dot), 1e-3, "vector " + k);
        }
    }

    @Test
    void vectorsAreOrthonormalAndTheirLargestEntriesPositive() {
        TruncatedSvd svd = TruncatedSvd.of(Pair.random(300, 83, 0.2, 3).sparse, 20, 1);
        int width = svd.values().length;
        assertEquals(20, width);
        for (int a = 0; a < width; a++) {
            float largest = 0;
            for (int b = 0; b < width; b++) {
                double dot = 0;
                for (int column = 0; column < 83; column++) {
                    dot += svd.vectors()[column * width + a] * svd.vectors()[column * width + b];
                }
                assertEquals(a == b ? 1 : 0, dot, 1e-5);
            }
            for (int column = 0; column < 83; column++) {
                float value = svd.vectors()[column * width + a];
                largest = Math.abs(value) > Math.abs(largest) ? value : largest;
            }
            assertEquals(true, largest > 0);
        }
    }

    @Test
    void sameMatrixAndSeedGiveTheSameBits() {
        SparseRows matrix = Pair.random(5000, 151, 0.1, 5).sparse;
        TruncatedSvd first = TruncatedSvd.of(matrix, 30, 7);
        TruncatedSvd second = TruncatedSvd.of(matrix, 30, 7);
        assertArrayEquals(first.values(), second.values());
        assertArrayEquals(first.vectors(), second.vectors());
    }

    @Test
    void leavesOutWhatIsZero() {
        SparseRows matrix = new SparseRows(9);
        for (int i = 0; i < 20; i++) {
            matrix.add(new int[] {1, 4}, new float[] {1, i % 2});
        }
        TruncatedSvd svd = TruncatedSvd.of(matrix, 5, 1);
        assertEquals(2, svd.values().length);
        assertEquals(18, svd.vectors().length);
        matrix = new SparseRows(4);
        matrix.add(new int[0], new float[0]);
        assertEquals(0, TruncatedSvd.of(matrix, 2, 1).values().length);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 5, 2", "4, 8, 8", "2049, 7, 3", "4099, 66, 65"})
    void productsAreThoseOfThePlainSums(int rows, int width, int wanted) {
        Random random = new Random(1);
        double[] matrix = random.doubles((long) rows * width).toArray();
        double[] plain = new double[width * width];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < width; i++) {
                for (int j = 0; j < width; j++) {
                    plain[i * width + j] += matrix[row * width + i] * matrix[row * width + j];
                }
            }
        }
        assertArrayEquals(plain, SmallProducts.transposedTimes(matrix, matrix, rows, width), 1e-8);
        double[][] vectors = new double[wanted][];
        for (int i = 0; i < wanted; i++) {
            vectors[i] = random.doubles(width).toArray();
        }
        double[] scale = random.doubles(wanted).toArray();
        double[] product = SmallProducts.times(matrix, rows, width, vectors, scale);
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < wanted; k++) {
                double sum = 0;
                for (int i = 0; i < width; i++) {
                    sum += matrix[row * width + i] * vectors[k][i] * scale[k];
                }
                assertEquals(sum, product[row * wanted + k], 1e-10);
            }
        }
    }
}
