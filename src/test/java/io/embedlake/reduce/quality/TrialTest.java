package io.embedlake.reduce.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.Truncation;
import io.embedlake.reduce.quantize.Codebooks;
import io.embedlake.testing.Property;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrialTest {
    @Test
    void nothingIsLostWithoutAReduction() {
        Quality quality = new Trial(vectors(new Random(1), 700, 9), 1).of(Reduction.of(new NoReduction()));
        assertEquals(new Quality(700, 500, 36, 1, 1, 1, 1, 1), quality);
    }

    /** Against the plain way: all similarities in double precision, sorted. */
    @Test
    void recallIsThatOfThePlainWay() {
        Property.holds(3, random -> {
            float[][] vectors = vectors(random, 150 + random.nextInt(100), 13);
            Quality quality = new Trial(vectors, 3).of(Reduction.of(new Truncation(5)));
            assertEquals(vectors.length, quality.queries());
            assertEquals(recall(vectors, 1, 1), quality.recallAt1(), 0.01);
            assertEquals(recall(vectors, 10, 10), quality.recallAt10(), 0.01);
            assertEquals(recall(vectors, 100, 100), quality.recallAt100(), 0.01);
            assertEquals(recall(vectors, 10, 100), quality.reachAt100(), 0.01);
        });
    }

    @Test
    void codesAreCountedInBytesAndQueriesMakeNone() {
        float[][] vectors = vectors(new Random(4), 400, 16);
        Trial trial = new Trial(vectors, 1);
        Quality binary = trial.of(Reduction.of(new NoReduction(), Codebooks.binary(vectors)));
        Quality packed = trial.of(Reduction.of(new NoReduction(), Codebooks.packed(vectors, 8)));
        assertEquals(2, binary.bytes());
        assertEquals(8, packed.bytes());
        assertTrue(binary.recallAt10() > 0.25 && binary.recallAt10() < 0.7, binary.toString());
        assertTrue(packed.recallAt10() > 0.85 && packed.recallAt10() < 1, packed.toString());
        assertTrue(packed.rankCorrelation() > binary.rankCorrelation());
    }

    @Test
    void theSameSeedTriesTheSameQueries() {
        float[][] vectors = vectors(new Random(5), 900, 12);
        Reduction reduction = Reduction.of(new Truncation(6));
        assertEquals(new Trial(vectors, 7).of(reduction), new Trial(vectors, 7).of(reduction));
    }

    @Test
    void zeroVectorsAndFewVectorsAreNoTrouble() {
        float[][] vectors = vectors(new Random(6), Trial.LEAST_ROWS, 3);
        vectors[4] = new float[3];
        Quality quality = new Trial(vectors, 1).of(Reduction.of(new NoReduction()));
        assertEquals(1, quality.recallAt10());
        assertEquals(
                "a trial needs at least 12 vectors: 11",
                assertThrows(IllegalArgumentException.class, () -> new Trial(new float[11][2], 1))
                        .getMessage());
    }

    @Test
    void ranksShareTheirPlaceWhereValuesAreEqual() {
        assertEquals(1, Ranks.correlation(new double[] {1, 2, 3}, new double[] {10, 100, 1000}), 1e-12);
        assertEquals(-1, Ranks.correlation(new double[] {1, 2, 3}, new double[] {3, 2, 1}), 1e-12);
        assertEquals(Math.sqrt(0.75), Ranks.correlation(new double[] {1, 2, 3}, new double[] {1, 1, 2}), 1e-12);
        assertEquals(1, Ranks.correlation(new double[] {4, 4}, new double[] {1, 2}));
    }

    private static double recall(float[][] vectors, int k, int among) {
        float[][] reduced = IntStream.range(0, vectors.length)
                .mapToObj(i -> new Truncation(5).reduce(vectors[i]))
                .toArray(float[][]::new);
        long shared = 0;
        for (int query = 0; query < vectors.length; query++) {
            List<Integer> truth = nearest(vectors, query).subList(0, k);
            shared += nearest(reduced, query).subList(0, among).stream()
                    .filter(truth::contains)
                    .count();
        }
        return (double) shared / (vectors.length * (long) k);
    }

    private static List<Integer> nearest(float[][] vectors, int query) {
        List<Integer> others = new ArrayList<>(IntStream.range(0, vectors.length)
                .filter(i -> i != query)
                .boxed()
                .collect(Collectors.toList()));
        others.sort(Comparator.comparingDouble(i -> -io.embedlake.spi.Vectors.cosine(vectors[query], vectors[i])));
        return others;
    }

    private static float[][] vectors(Random random, int rows, int dimensions) {
        float[][] vectors = new float[rows][dimensions];
        for (float[] vector : vectors) {
            for (int i = 0; i < dimensions; i++) {
                vector[i] = (float) random.nextGaussian() + 0.3f;
            }
        }
        return vectors;
    }
}
