package io.embedlake.reduce.pca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TridiagonalTest {
    /** Awkward sizes: 1, primes, around panels of 32 rows and tiles of 384 columns. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 31, 32, 33, 97, 383, 385, 419})
    void isTheMatrixBetweenReflections(int size) {
        double[] matrix = random(size, size);
        Tridiagonal tridiagonal = Tridiagonal.of(matrix.clone(), size);
        double[][] turned = unit(size);
        tridiagonal.turnBack(turned);
        // turned[k] is column k of Q: (Q T)'s column k must be what the matrix makes of it.
        for (int k = 0; k < size; k++) {
            double[] expected = new double[size];
            for (int i = 0; i < size; i++) {
                expected[i] = tridiagonal.diagonal()[k] * turned[k][i]
                        + (k > 0 ? tridiagonal.beside()[k - 1] * turned[k - 1][i] : 0)
                        + (k + 1 < size ? tridiagonal.beside()[k] * turned[k + 1][i] : 0);
            }
            assertArrayEquals(expected, times(matrix, turned[k]), 1e-12 * size);
            assertEquals(1, dot(turned[k], turned[k]), 1e-13 * size);
            assertEquals(0, k == 0 ? 0 : dot(turned[k], turned[k - 1]), 1e-13 * size);
        }
    }

    @Test
    void whatIsTridiagonalIsLeftAsItIs() {
        Tridiagonal same = Tridiagonal.of(new double[] {1, 4, 0, 2, 5, 3}, 3);
        assertArrayEquals(new double[] {1, 2, 3}, same.diagonal());
        assertArrayEquals(new double[] {4, 5}, same.beside());
    }

    @Test
    void doesNotDependOnTheNumberOfProcessors() throws Exception {
        double[] matrix = random(420, 7);
        Tridiagonal here = Tridiagonal.of(matrix.clone(), 420);
        ForkJoinPool one = new ForkJoinPool(1);
        try {
            Tridiagonal there =
                    one.submit(() -> Tridiagonal.of(matrix.clone(), 420)).get();
            assertArrayEquals(here.diagonal(), there.diagonal());
            assertArrayEquals(here.beside(), there.beside());
        } finally {
            one.shutdown();
        }
    }

    @Test
    void refusesWhatIsNoTriangle() {
        assertEquals(
                "5 numbers are no triangle of 3 rows",
                assertThrows(IllegalArgumentException.class, () -> Tridiagonal.of(new double[5], 3))
                        .getMessage());
    }

    private static double[] random(int size, long seed) {
        Random random = new Random(seed);
        return random.doubles(size * (size + 1L) / 2, -1, 1).toArray();
    }

    private static double[][] unit(int size) {
        double[][] unit = new double[size][size];
        for (int i = 0; i < size; i++) {
            unit[i][i] = 1;
        }
        return unit;
    }

    private static double[] times(double[] triangle, double[] vector) {
        double[] product = new double[vector.length];
        int place = 0;
        for (int i = 0; i < vector.length; i++) {
            for (int j = i; j < vector.length; j++) {
                double value = triangle[place++];
                product[i] += value * vector[j];
                product[j] += i == j ? 0 : value * vector[i];
            }
        }
        return product;
    }

    private static double dot(double[] a, double[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
        }
        return dot;
    }
}
