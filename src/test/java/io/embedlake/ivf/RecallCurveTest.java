package io.embedlake.ivf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecallCurveTest {
    @Test
    void tellsTheLeastCellsForARecall() {
        // Of each query's two nearest rows one is in the nearest cell and one in the third.
        RecallCurve curve = RecallCurve.of(8, Collections.nCopies(5, new int[] {0, 2}));
        assertEquals(8, curve.count());
        assertEquals(OptionalInt.of(1), curve.cells(1, 0.99));
        assertEquals(OptionalInt.of(1), curve.cells(2, 0.5));
        assertEquals(OptionalInt.of(3), curve.cells(2, 0.95));
    }

    @Test
    void saysNothingWhereAllCellsMustBeReadOrNothingWasMeasured() {
        RecallCurve curve = RecallCurve.of(4, Collections.nCopies(5, new int[] {0, 3}));
        assertEquals(OptionalInt.empty(), curve.cells(2, 0.95));
        assertEquals(OptionalInt.empty(), curve.cells(3, 0.1));
        assertEquals(OptionalInt.empty(), RecallCurve.of(4, List.of()).cells(1, 0.1));
    }

    @Test
    void queriesThatDifferMakeItCareful() {
        RecallCurve curve = RecallCurve.of(10, List.of(new int[] {0}, new int[] {5}));
        assertTrue(curve.recalls().get(0) < 0.5, "the mean less its standard error");
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
