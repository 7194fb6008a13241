package io.embedlake.local.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductsTest {
    /** The order of the fast sums: two at a time, the second one first. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 3, 5", "3, 2, 1", "31, 17, 64", "100, 11, 1100", "128, 65, 127", "512, 384, 64"})
    void eachNumberIsASumInOneOrder(int rows, int middle, int columns) {
        Random random = new Random(rows + middle + columns);
        float[][] left = numbers(random, rows, middle);
        float[][] right = numbers(random, middle, columns);
        float[][] expected = new float[rows][columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                float sum = 0;
                for (int k = 0; k < middle; k += 2) {
                    int next = k + 1;
                    if (next < middle) {
                        sum = Math.fma(left[row][next], right[next][column], sum);
                    }
                    sum = Math.fma(left[row][k], right[k][column], sum);
                }
                expected[row][column] = sum;
            }
        }
        assertArrayEquals(expected, Products.of(left, right));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4, 3", "65, 31", "128, 384"})
    void productsOfPairsAreThoseWithTheTransposedMatrix(int rows, int columns) {
        float[][] matrix = numbers(new Random(rows), rows, columns);
        assertArrayEquals(Products.of(matrix, Products.transposed(matrix)), Products.ofPairs(matrix));
    }

    @Test
    void theNumberOfThreadsChangesNoBit() {
        Random random = new Random(5);
        float[][] left = numbers(random, 301, 97);
        float[][] right = numbers(random, 97, 203);
        float[][] expected = Products.of(left, right);
        for (int threads : new int[] {1, 2, 7}) {
            ForkJoinPool pool = new ForkJoinPool(threads);
            try {
                assertArrayEquals(
                        expected, pool.submit(() -> Products.of(left, right)).join());
            } finally {
                pool.shutdown();
            }
        }
    }

    private static float[][] numbers(Random random, int rows, int columns) {
        float[][] numbers = new float[rows][columns];
        for (float[] row : numbers) {
            for (int i = 0; i < columns; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return numbers;
    }
}
