package io.embedlake.ivf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecallCurveTest {
    private static final int QUERIES = 12;

    /** Of rows at 0.9 all are in the nearest cell; of those at 0.5 half are there and half in the third. */
    private static RecallCounts measured(int cells) {
        int[] order = IntStream.range(0, cells).toArray();
        byte[] steps = RecallCounts.steps(order);
        RecallCounts counts = new RecallCounts(QUERIES, cells);
        for (int query = 0; query < QUERIES; query++) {
            counts.add(query, 0.92f, steps[0]);
            counts.add(query, 0.51f, steps[0]);
            counts.add(query, 0.52f, steps[2]);
        }
        return counts;
    }

    @Test
    void tellsTheLeastCellsForRowsThatAreSoNear() {
        RecallCurve curve = measured(8).curve();
        assertEquals(8, curve.count());
        assertEquals(List.of(0.5, 0.9), curve.scores());
        assertEquals(OptionalInt.of(1), curve.cells(0.93, 0.99));
        assertEquals(OptionalInt.of(1), curve.cells(0.5, 0.5));
        assertEquals(OptionalInt.of(3), curve.cells(0.5, 0.95));
        assertEquals(OptionalInt.of(3), curve.cells(0.8, 0.95), "as the band below");
    }

    @Test
    void saysNothingWhereAllCellsMustBeReadOrNothingWasMeasured() {
        assertEquals(OptionalInt.empty(), measured(3).curve().cells(0.5, 0.95));
        assertEquals(OptionalInt.empty(), measured(8).curve().cells(0.4, 0.1), "nothing so far was measured");
        assertEquals(OptionalInt.empty(), new RecallCounts(QUERIES, 4).curve().cells(0.9, 0.1));
    }

    @Test
    void aFewQueriesAreNoEvidence() {
        RecallCounts counts = measured(8);
        counts.add(0, 0.71f, 0);
        assertEquals(List.of(0.5, 0.9), counts.curve().scores());
    }

    @Test
    void nearerRowsNeedNoMoreCells() {
        RecallCounts counts = measured(8);
        for (int query = 0; query < QUERIES; query++) {
            counts.add(query, 0.71f, query % 3 == 0 ? 6 : 0);
        }
        RecallCurve curve = counts.curve();
        assertEquals(OptionalInt.of(3), curve.cells(0.7, 0.95), "a third of few rows is far, of many at 0.5 none is");
    }

    @Test
    void queriesThatDifferMakeItCareful() {
        RecallCounts counts = new RecallCounts(QUERIES, 10);
        for (int query = 0; query < QUERIES; query++) {
            counts.add(query, 0.6f, query % 2 == 0 ? 0 : 5);
        }
        assertTrue(counts.curve().recalls().get(0) < 0.4, "the mean less its standard error");
    }

    @Test
    void whatIsNoNeighbourIsLeftOut() {
        RecallCounts counts = measured(8);
        RecallCurve before = counts.curve();
        for (int query = 0; query < QUERIES; query++) {
            counts.add(query, 1, 5);
            counts.add(query, Float.NaN, 5);
            counts.add(query, -0.2f, 5);
        }
        counts.merge(new RecallCounts(QUERIES, 8));
        assertEquals(before, counts.curve());
    }

    @Test
    void eachCellIsReadByTheFirstStepThatReachesIt() {
        int[] order = IntStream.range(0, 100).map(i -> (i + 37) % 100).toArray();
        byte[] steps = RecallCounts.steps(order);
        RecallCurve curve = new RecallCounts(1, 100).curve();
        for (int place = 0; place < 100; place++) {
            int step = steps[order[place]];
            assertTrue(place < curve.cells().get(step)
                    && (step == 0 || place >= curve.cells().get(step - 1)));
        }
    }

    @Test
    void theBestScoresAreKeptWhateverTheirOrder() {
        float[] scores = new float[500];
        Random random = new Random(3);
        TopK one = new TopK(20, Float.NEGATIVE_INFINITY);
        TopK other = new TopK(20, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextInt(300);
            (i % 2 == 0 ? one : other).offer(scores[i], i);
        }
        one.offer(Float.NaN, -1);
        one.merge(other);
        int[] kept = IntStream.range(0, one.size())
                .map(place -> (int) one.number(place))
                .toArray();
        float[] best = new float[20];
        float[] found = new float[20];
        Arrays.sort(scores);
        IntStream.range(0, 20).forEach(i -> best[i] = scores[scores.length - 1 - i]);
        Random again = new Random(3);
        float[] asOffered = new float[500];
        IntStream.range(0, 500).forEach(i -> asOffered[i] = again.nextInt(300));
        IntStream.range(0, 20).forEach(i -> found[i] = asOffered[kept[i]]);
        assertArrayEquals(best, found);
    }
}
