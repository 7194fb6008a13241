package io.embedlake.ivf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoutesTest {
    @Test
    void aQueryMeetsEachRowOfItsCellsOnce() {
        for (int round = 0; round < 100; round++) {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            Cells cells = cells(random, 1 + random.nextInt(30));
            long[] rows = random.longs(cells.count(), 0, 200).toArray();
            double[] visits = random.doubles(cells.count(), 0, 1e5).toArray();
            long most = 1 + random.nextInt(300);
            Routes routes = Routes.of(Regions.of(cells, rows, most), rows, visits, random.nextInt(40));
            int[] visited = IntStream.range(0, cells.count())
                    .filter(cell -> random.nextBoolean())
                    .toArray();
            Map<Integer, int[]> query = routes.ofQuery(visited, random.nextLong());
            for (int row = 0; row < 200; row++) {
                int cell = random.nextInt(cells.count());
                List<Integer> tasks = new ArrayList<>();
                routes.ofRow(cell, random.nextLong(), tasks::add);
                assertTrue(tasks.stream().allMatch(task -> task >= 0 && task < routes.tasks()), "seed " + seed);
                long meetings = tasks.stream()
                        .filter(task -> IntStream.of(query.getOrDefault(task, new int[0]))
                                .anyMatch(own -> own == cell))
                        .count();
                long expected = IntStream.of(visited).anyMatch(own -> own == cell) ? 1 : 0;
                assertEquals(expected, meetings, "seed " + seed);
            }
        }
    }

    @Test
    void aLargeCellIsDividedAndSmallOnesAreTogether() {
        Cells cells = cells(new Random(1), 5);
        Regions regions = Regions.of(cells, new long[] {1000, 10, 10, 10, 10}, 100);
        assertEquals(10, regions.parts(0));
        assertArrayEquals(
                new int[] {1, 1, 1, 1},
                IntStream.range(1, 5).map(regions::parts).toArray());
        assertTrue(regions.count() <= 14);
        Routes routes = Routes.of(regions, new long[] {1000, 10, 10, 10, 10}, new double[5], 1);
        int[] counts = new int[routes.tasks()];
        Random random = new Random(2);
        for (int row = 0; row < 1000; row++) {
            routes.ofRow(0, random.nextLong(), task -> counts[task]++);
        }
        assertTrue(IntStream.of(counts).max().orElseThrow() < 150);
    }

    @Test
    void queriesOfACellThatAllVisitAreSharedByTasks() {
        Cells cells = cells(new Random(3), 4);
        long[] rows = {100, 100, 100, 100};
        Regions regions = Regions.of(cells, rows, 100);
        Routes routes = Routes.of(regions, rows, new double[] {100_000, 1000, 1000, 1000}, 20);
        Map<Integer, Integer> queries = new java.util.TreeMap<>();
        Random random = new Random(4);
        for (int query = 0; query < 10_000; query++) {
            routes.ofQuery(new int[] {0}, random.nextLong())
                    .forEach((task, own) -> queries.merge(task, 1, Integer::sum));
        }
        assertTrue(queries.size() >= 15, queries.toString());
        assertTrue(queries.values().stream().allMatch(count -> count < 1000), queries.toString());
    }

    @Test
    void theRecallIsMeasuredWithAMargin() {
        MeasuredRecall measured = new MeasuredRecall(100);
        assertEquals(100, measured.needed(0.9), "nothing is known");
        for (int query = 0; query < 400; query++) {
            measured.add(new int[] {0, 1, 1, 2, query % 10});
        }
        measured.add(new int[0]);
        assertEquals(400, measured.queries());
        assertEquals(0.2 + 0.2 * 0.1, measured.recall(1), 1e-9);
        assertEquals(0.8 + 0.2 * 0.5, measured.recall(5), 1e-9);
        assertEquals(1, measured.recall(10), 1e-9);
        int needed = measured.needed(0.9);
        assertTrue(needed > 5 && needed <= 7, "needs " + needed);
        assertEquals(100, measured.needed(1));
    }

    private static Cells cells(Random random, int count) {
        float[] centroids = new float[4 * count];
        for (int from = 0; from < centroids.length; from += 4) {
            for (int i = from; i < from + 4; i++) {
                centroids[i] = (float) random.nextGaussian();
            }
            Directions.normalize(centroids, from, from + 4);
        }
        return new Cells(4, centroids);
    }
}
