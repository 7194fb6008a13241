package io.embedlake.local.training;

import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.reduce.AutoencoderReducer;
import io.embedlake.reduce.Reducer;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AutoencoderTrainingTest {
    private static final int DIMENSIONS = 8;

    @Test
    void shortVectorsTellGroupsBetterThanRandomProjectionsAndTheAxesTheyBeginWith() {
        List<float[]> images = FashionMnist.TRAIN.images();
        AutoencoderReducer trained =
                AutoencoderTraining.train(images, new TrainingSettings(DIMENSIONS, 40, 256, 0.002f, 7));
        AutoencoderReducer axes =
                AutoencoderTraining.train(images, new TrainingSettings(DIMENSIONS, 1, 1500, 1e-9f, 7));
        double accuracy = Neighbours.accuracy(trained::reduce);
        double ofProjections = Neighbours.accuracyOfRandomProjections(DIMENSIONS);
        String figures = accuracy + ", " + ofProjections + " by random projections";
        assertTrue(accuracy > ofProjections + 0.05, figures);
        assertTrue(accuracy > 0.6, figures);
        List<float[]> others = FashionMnist.TEST.images();
        assertTrue(
                varianceKept(trained, others) > varianceKept(axes, others),
                varianceKept(trained, others) + " and " + varianceKept(axes, others));
        assertTrue(neighboursKept(trained, others) > neighboursKept(axes, others) + 0.02);
    }

    @Test
    void theSameSeedGivesTheSameBitsAndAnotherOneDoesNot() {
        List<float[]> sample = FashionMnist.TRAIN.images().subList(0, 300);
        byte[] first = train(sample, 1);
        assertArrayEquals(first, train(sample, 1));
        assertFalse(Arrays.equals(first, train(sample, 2)));
    }

    private static byte[] train(List<float[]> sample, long seed) {
        return AutoencoderTraining.train(sample, new TrainingSettings(4, 3, 64, 0.001f, seed))
                .toBytes();
    }

    @Test
    void aSampleOfLowRankIsReconstructedAndNotRefused() {
        List<float[]> sample = IntStream.range(0, 200)
                .mapToObj(i -> new float[] {i % 7, i % 7, 5, 2 * (i % 7), -(i % 7), 1})
                .toList();
        AutoencoderReducer reducer = AutoencoderTraining.train(sample, new TrainingSettings(3, 30, 100, 0.002f, 1));
        assertTrue(varianceKept(reducer, sample) > 0.99, () -> String.valueOf(varianceKept(reducer, sample)));
    }

    @Test
    void leavesTheSampleUnchanged() {
        List<float[]> sample = normal(100, 5);
        float[] before = sample.get(3).clone();
        AutoencoderTraining.train(sample, new TrainingSettings(2, 1, 50, 0.001f, 1));
        assertArrayEquals(before, sample.get(3));
    }

    @Test
    void refusesSamplesThatCannotBeLearnedFrom() {
        refused("there are 99 rows (at least 100 are needed). Use more rows, or fewer dimensions.", normal(99, 9), 4);
        refused(
                "there are 100 rows (at least 120 are needed). Use more rows, or fewer dimensions.",
                normal(100, 90),
                60);
        refused("a row has 4 values (more are needed than dimensions). Set fewer dimensions.", normal(100, 4), 4);
        refused(
                "a row has 5 values and another 6 (all need the same number). Use rows of one kind.",
                with(normal(100, 6), new float[5]),
                4);
        refused(
                "a row has the value NaN (numbers have to be finite). Leave such rows out.",
                with(normal(100, 5), new float[] {0, 0, 0, Float.NaN, 0}),
                4);
        refused(
                "a row has the value -Infinity (numbers have to be finite). Leave such rows out.",
                with(normal(100, 5), new float[] {0, 0, 0, 0, Float.NEGATIVE_INFINITY}),
                4);
        refused(
                "all rows are alike (there is nothing to learn). Use other rows.",
                IntStream.range(0, 100)
                        .mapToObj(i -> new float[] {1, 2, 3, 4, 5})
                        .toList(),
                4);
    }

    private static void refused(String why, List<float[]> sample, int dimensions) {
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot train an autoencoder of " + dimensions + " dimensions: " + why,
                () -> AutoencoderTraining.train(sample, AutoencoderTraining.settings(dimensions, 1)));
    }

    @Test
    void settingsRefuseWhatMakesNoSense() {
        assertEquals(
                "epochs has to be at least 1: 0",
                assertThrows(IllegalArgumentException.class, () -> new TrainingSettings(4, 0, 1, 0.1f, 1))
                        .getMessage());
        assertEquals(
                "learningRate has to lie above 0 and up to 1: NaN",
                assertThrows(IllegalArgumentException.class, () -> new TrainingSettings(4, 1, 1, Float.NaN, 1))
                        .getMessage());
    }

    @Test
    void largeSamplesAreSeenLessOften() {
        TrainingSettings settings = new TrainingSettings(64, 40, 512, 0.001f, 1);
        assertEquals(40 * 19, TrainingSteps.steps(10_000, settings, 460_000));
        assertEquals(4245, TrainingSteps.steps(1_000_000, settings, 460_000));
        assertEquals(60_000, TrainingSteps.steps(1_000_000, settings, 10));
        assertEquals(40, TrainingSteps.steps(100, settings, 10));
    }

    private static double neighboursKept(Reducer reducer, List<float[]> vectors) {
        List<float[]> reduced = vectors.stream().map(reducer::reduce).toList();
        return IntStream.range(0, vectors.size())
                        .mapToLong(i -> {
                            List<Integer> found = nearest(reduced, i);
                            return nearest(vectors, i).stream()
                                    .filter(found::contains)
                                    .count();
                        })
                        .average()
                        .orElseThrow()
                / 10;
    }

    /** The share of the variance of these vectors that the reconstruction keeps; their mean is that of the training sample. */
    private static double varianceKept(AutoencoderReducer reducer, List<float[]> vectors) {
        float[] mean = reducer.encoder().standardization().mean();
        double lost = vectors.stream().mapToDouble(reducer::squaredError).sum();
        double total = vectors.stream()
                .mapToDouble(vector -> IntStream.range(0, mean.length)
                        .mapToDouble(i -> (double) vector[i] - mean[i])
                        .map(distance -> distance * distance)
                        .sum())
                .sum();
        return 1 - lost / total;
    }

    private static List<Integer> nearest(List<float[]> vectors, int query) {
        double[] cosines = vectors.stream()
                .mapToDouble(other -> Vectors.cosine(vectors.get(query), other))
                .toArray();
        return IntStream.range(0, cosines.length)
                .boxed()
                .sorted((a, b) -> Double.compare(cosines[b], cosines[a]))
                .limit(10)
                .toList();
    }

    private static List<float[]> with(List<float[]> rows, float[] another) {
        List<float[]> all = new ArrayList<>(rows);
        all.add(another);
        return all;
    }

    private static List<float[]> normal(int rows, int width) {
        Random random = new Random(rows);
        List<float[]> sample = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            float[] values = new float[width];
            for (int i = 0; i < width; i++) {
                values[i] = (float) random.nextGaussian();
            }
            sample.add(values);
        }
        return sample;
    }
}
