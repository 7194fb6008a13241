package io.embedlake.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.reduce.pca.Moments;
import io.embedlake.testing.Property;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymmetricEigenTest {
    /** Fewer rows than values: most eigenvalues are zero. */
    @ParameterizedTest
    @CsvSource({"2, 1, 1", "50, 7, 7", "200, 64, 8", "20, 64, 16", "20, 64, 64", "700, 520, 64", "100, 530, 64"})
    void bothWaysGiveTheSame(int rows, int size, int wanted) {
        double[] matrix = covariance(new Random(rows + size), rows, size);
        SymmetricEigen all = SymmetricEigen.all(matrix.clone(), size, wanted);
        assertDecomposes(matrix, size, all);
        SymmetricEigen.some(matrix.clone(), size, wanted).ifPresent(some -> {
            assertArrayEquals(all.values(), some.values(), 1e-12 * all.values()[0]);
            assertDecomposes(matrix, size, some);
        });
        assertDecomposes(matrix, size, SymmetricEigen.of(matrix::clone, size, wanted));
    }

    @Test
    void aMatrixOfFullRankIsTakenApartTheFastWay() {
        double[] matrix = covariance(new Random(5), 700, 520);
        assertTrue(SymmetricEigen.some(matrix, 520, 64).isPresent());
    }

    @Test
    void anyMatrixIsTakenApart() {
        Property.holds(40, random -> {
            int size = 1 + random.nextInt(60);
            double[] matrix = covariance(random, 2 + random.nextInt(80), size);
            int wanted = 1 + random.nextInt(size);
            assertDecomposes(matrix, size, SymmetricEigen.all(matrix.clone(), size, wanted));
            SymmetricEigen.some(matrix.clone(), size, wanted).ifPresent(some -> assertDecomposes(matrix, size, some));
        });
    }

    @Test
    void equalEigenvaluesHaveOrthonormalVectors() {
        double[] identity = new double[40 * 41 / 2];
        for (int i = 0; i < 40; i++) {
            identity[place(i, i, 40)] = 2;
        }
        assertDecomposes(identity, 40, SymmetricEigen.of(identity::clone, 40, 10));
        SymmetricEigen.some(identity.clone(), 40, 10).ifPresent(some -> assertDecomposes(identity, 40, some));
    }

    /** Each vector is of length 1, stands on the others, and is only made longer by the matrix. */
    private static void assertDecomposes(double[] triangle, int size, SymmetricEigen eigen) {
        double scale = Math.max(1e-9, eigen.values()[0]);
        for (int k = 0; k < eigen.vectors().length; k++) {
            double[] vector = eigen.vectors()[k];
            assertTrue(k == 0 || eigen.values()[k] <= eigen.values()[k - 1] + 1e-12 * scale);
            for (int other = 0; other <= k; other++) {
                double dot = 0;
                for (int i = 0; i < size; i++) {
                    dot += vector[i] * eigen.vectors()[other][i];
                }
                assertEquals(other == k ? 1 : 0, dot, 1e-8, "vectors " + other + " and " + k);
            }
            for (int row = 0; row < size; row++) {
                double product = 0;
                for (int i = 0; i < size; i++) {
                    product += triangle[place(row, i, size)] * vector[i];
                }
                assertEquals(eigen.values()[k] * vector[row], product, 1e-9 * scale, "vector " + k);
            }
        }
    }

    /** Where an element of the symmetric matrix stands in its upper triangle. */
    private static int place(int row, int column, int size) {
        int first = Math.min(row, column);
        return first * size - first * (first + 1) / 2 + Math.max(row, column);
    }

    private static double[] covariance(Random random, int rows, int size) {
        Moments moments = new Moments(size);
        for (int row = 0; row < rows; row++) {
            float[] vector = new float[size];
            for (int i = 0; i < size; i++) {
                vector[i] = (float) random.nextGaussian() / (1 + i % 11);
            }
            moments.add(vector);
        }
        return moments.covariance();
    }
}
