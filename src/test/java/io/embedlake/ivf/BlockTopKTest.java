package io.embedlake.ivf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockTopKTest {
    private static final float NONE = Float.NEGATIVE_INFINITY;

    private record Row(float score, long number) {}

    @Test
    void findsWhatANaiveComparisonFinds() {
        for (int round = 0; round < 40; round++) {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            int dimension = 1 + random.nextInt(20);
            int count = random.nextInt(1300);
            int queries = 1 + random.nextInt(9);
            int k = 1 + random.nextInt(round % 4 == 0 ? 2000 : 20);
            float least = round % 3 == 0 ? 0.3f : NONE;
            // Few distinct values, so that there are ties.
            float[] rows = units(random, count, dimension, round % 2 == 0);
            float[] asked = units(random, queries, dimension, round % 2 == 0);
            TopK[] best = best(queries, k, least);
            new BlockTopK(dimension).offer(asked, queries, RowBlock.of(dimension, rows), best);
            for (int query = 0; query < queries; query++) {
                assertEquals(
                        naive(asked, query, rows, dimension, k, least),
                        listed(best[query]),
                        "seed " + seed + " " + query);
            }
        }
    }

    @Test
    void theOrderAndTheBlocksOfRowsDoNotMatter() {
        for (int round = 0; round < 20; round++) {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            int dimension = 1 + random.nextInt(9);
            int count = 1 + random.nextInt(900);
            float[] rows = units(random, count, dimension, true);
            float[] query = units(random, 1, dimension, true);
            TopK[] whole = best(1, 7, NONE);
            new BlockTopK(dimension).offer(query, 1, RowBlock.of(dimension, rows), whole);

            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, count).boxed().toList());
            Collections.shuffle(order, random);
            TopK merged = new TopK(7, NONE);
            for (int from = 0; from < count; ) {
                int to = Math.min(count, from + 1 + random.nextInt(400));
                RowBlock.Builder builder = new RowBlock.Builder(dimension);
                for (int row : order.subList(from, to)) {
                    builder.add(row(rows, row, dimension), row);
                }
                TopK[] part = best(1, 7, NONE);
                new BlockTopK(dimension).offer(query, 1, builder.build(), part);
                merged.merge(part[0]);
                from = to;
            }
            assertEquals(listed(whole[0]), listed(merged), "seed " + seed);
        }
    }

    @Test
    void aScoreIsTheSameWithQueryAndRowExchanged() {
        Random random = new Random(3);
        float[] vectors = units(random, 2, 384, false);
        TopK[] one = best(1, 1, NONE);
        new BlockTopK(384).offer(row(vectors, 0, 384), 1, RowBlock.of(384, row(vectors, 1, 384)), one);
        TopK[] other = best(1, 1, NONE);
        new BlockTopK(384).offer(row(vectors, 1, 384), 1, RowBlock.of(384, row(vectors, 0, 384)), other);
        assertEquals(one[0].score(0), other[0].score(0));
    }

    @Test
    void equalVectorsComeInTheOrderOfTheirNumbers() {
        float[] unit = units(new Random(4), 1, 48, false);
        RowBlock.Builder builder = new RowBlock.Builder(48);
        for (int i = 0; i < 2000; i++) {
            builder.add(unit, 5000 - i);
        }
        TopK[] best = best(1, 3, NONE);
        new BlockTopK(48).offer(unit, 1, builder.build(), best);
        assertArrayEquals(
                new long[] {3001, 3002, 3003},
                IntStream.range(0, 3).mapToLong(best[0]::number).toArray());
    }

    @Test
    void vectorsOfTwoLengthsAreNotCompared() {
        RowBlock rows = RowBlock.of(3, new float[9]);
        assertThrows(
                IllegalArgumentException.class, () -> new BlockTopK(4).offer(new float[4], 1, rows, best(1, 1, NONE)));
        assertThrows(IllegalArgumentException.class, () -> new RowBlock.Builder(3).add(new float[4], 0));
    }

    private static TopK[] best(int queries, int k, float least) {
        return IntStream.range(0, queries).mapToObj(query -> new TopK(k, least)).toArray(TopK[]::new);
    }

    private static List<Row> listed(TopK best) {
        return IntStream.range(0, best.size())
                .mapToObj(i -> new Row(best.score(i), best.number(i)))
                .toList();
    }

    private static List<Row> naive(float[] queries, int query, float[] rows, int dimension, int k, float least) {
        return IntStream.range(0, rows.length / dimension)
                .mapToObj(row -> new Row(dot(queries, query, rows, row, dimension), row))
                .filter(row -> row.score() >= least)
                .sorted(Comparator.comparing((Row row) -> -row.score()).thenComparing(Row::number))
                .limit(k)
                .toList();
    }

    private static float dot(float[] a, int first, float[] b, int second, int dimension) {
        float sum = 0;
        for (int i = 0; i < dimension; i++) {
            sum = Math.fma(a[first * dimension + i], b[second * dimension + i], sum);
        }
        return Math.max(-1, Math.min(1, sum));
    }

    private static float[] units(Random random, int count, int dimension, boolean isCoarse) {
        float[] units = new float[count * dimension];
        for (int row = 0; row < count; row++) {
            double squares = 0;
            for (int i = row * dimension; i < (row + 1) * dimension; i++) {
                units[i] = isCoarse ? 1 + random.nextInt(2) : (float) random.nextGaussian();
                squares += (double) units[i] * units[i];
            }
            for (int i = row * dimension; i < (row + 1) * dimension; i++) {
                units[i] /= (float) Math.sqrt(squares);
            }
        }
        return units;
    }

    private static float[] row(float[] rows, int row, int dimension) {
        return java.util.Arrays.copyOfRange(rows, row * dimension, (row + 1) * dimension);
    }
}
