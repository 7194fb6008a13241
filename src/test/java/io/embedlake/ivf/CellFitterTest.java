package io.embedlake.ivf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CellFitterTest {
    private static final int DIMENSION = 19;

    @Test
    void noCellIsLargerThanTheStatedMultipleOfTheMean() {
        float[] vectors = skewed(4000, 1);
        Cells cells = CellFitter.fit(vectors.clone(), DIMENSION, 100);
        int[] sizes = sizes(cells, vectors);
        assertTrue(cells.count() >= 90 && cells.count() <= 200, cells.count() + " cells");
        assertTrue(
                Arrays.stream(sizes).max().orElseThrow() <= CellFitter.MOST_OF_MEAN * 4000 / cells.count(),
                Arrays.toString(sizes));
    }

    @Test
    void theSameSampleGivesTheSameCellsOnAnyNumberOfThreads() throws Exception {
        float[] vectors = skewed(1500, 2);
        Cells alone = new ForkJoinPool(1)
                .submit(() -> CellFitter.fit(vectors.clone(), DIMENSION, 80))
                .get();
        assertEquals(alone, CellFitter.fit(vectors.clone(), DIMENSION, 80));
    }

    @Test
    void fewerDistinctVectorsMakeFewerCells() {
        float[] vectors = repeated(skewed(5, 3), 300);
        Cells cells = CellFitter.fit(vectors, DIMENSION, 100);
        assertEquals(5, cells.count());
    }

    @Test
    void equalVectorsMakeOneCell() {
        assertEquals(
                1, CellFitter.fit(repeated(skewed(1, 4), 1000), DIMENSION, 70).count());
    }

    @Test
    void vectorsWithoutDirectionAreLeftOut() {
        float[] vectors = skewed(300, 5);
        float[] broken = vectors.clone();
        float[] with = Arrays.copyOf(broken, broken.length + 3 * DIMENSION);
        with[broken.length] = Float.NaN;
        with[broken.length + DIMENSION] = Float.POSITIVE_INFINITY;
        assertEquals(CellFitter.fit(vectors, DIMENSION, 10), CellFitter.fit(with, DIMENSION, 10));
        assertThrows(IllegalArgumentException.class, () -> CellFitter.fit(new float[3 * DIMENSION], DIMENSION, 2));
        assertTrue(Directions.of(new float[DIMENSION]).isEmpty());
        assertTrue(Directions.of(new float[] {1, Float.NaN}).isEmpty());
    }

    @Test
    void theNearestCellsAreThoseWithTheLargestProducts() {
        Cells cells = CellFitter.fit(skewed(3000, 6), DIMENSION, 600);
        float[] centroids = cells.centroids();
        for (int query = 0; query < 20; query++) {
            float[] unit = Directions.of(Arrays.copyOf(skewed(1, 100 + query), DIMENSION))
                    .orElseThrow();
            double[] best = IntStream.range(0, cells.count())
                    .mapToDouble(cell -> -product(centroids, cell, unit))
                    .sorted()
                    .limit(7)
                    .map(product -> -product)
                    .toArray();
            int[] nearest = cells.nearest(unit, 7);
            assertArrayEquals(
                    best,
                    Arrays.stream(nearest)
                            .mapToDouble(cell -> product(centroids, cell, unit))
                            .toArray(),
                    1e-6);
            assertEquals(nearest[0], cells.nearest(unit));
            assertEquals(cells.count(), cells.nearest(unit, 10_000).length);
        }
    }

    private static double product(float[] centroids, int cell, float[] unit) {
        double sum = 0;
        for (int d = 0; d < DIMENSION; d++) {
            sum += (double) centroids[cell * DIMENSION + d] * unit[d];
        }
        return sum;
    }

    /** Half of them in one narrow bundle. */
    private static float[] skewed(int rows, long seed) {
        Random random = new Random(seed);
        float[] vectors = new float[rows * DIMENSION];
        for (int i = 0; i < vectors.length; i++) {
            boolean isBundled = i / DIMENSION % 2 == 0;
            vectors[i] = (float) random.nextGaussian() * (isBundled ? 0.05f : 1) + (isBundled ? 1 : 0);
        }
        return vectors;
    }

    private static float[] repeated(float[] vectors, int times) {
        float[] all = new float[vectors.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(vectors, 0, all, i * vectors.length, vectors.length);
        }
        return all;
    }

    private static int[] sizes(Cells cells, float[] vectors) {
        int[] sizes = new int[cells.count()];
        for (int from = 0; from < vectors.length; from += DIMENSION) {
            float[] unit = Directions.of(Arrays.copyOfRange(vectors, from, from + DIMENSION))
                    .orElseThrow();
            sizes[cells.nearest(unit)]++;
        }
        return sizes;
    }
}
