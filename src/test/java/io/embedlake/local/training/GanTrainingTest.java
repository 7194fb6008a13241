package io.embedlake.local.training;

import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.reduce.NetworkReducer;
import io.embedlake.spi.ErrorKind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GanTrainingTest {
    private static final int DIMENSIONS = 8;

    @Tag("heavy")
    @Test
    void vectorsTellGroupsBetterThanRandomProjectionsAndThanBeforeTraining() {
        List<float[]> images = FashionMnist.TRAIN.images();
        NetworkReducer trained = GanTraining.train(images, GanTraining.settings(DIMENSIONS, 7));
        NetworkReducer untrained = GanTraining.train(images, new TrainingSettings(DIMENSIONS, 1, 1500, 1e-9f, 7));
        assertEquals(DIMENSIONS, trained.dimensions());
        double accuracy = Neighbours.accuracy(trained::reduce);
        double before = Neighbours.accuracy(untrained::reduce);
        double ofProjections = Neighbours.accuracyOfRandomProjections(DIMENSIONS);
        String figures = accuracy + ", before training " + before + ", " + ofProjections + " by random projections";
        assertTrue(accuracy > ofProjections + 0.02, figures);
        assertTrue(accuracy > before + 0.02, figures);
    }

    @Test
    void theSameSeedGivesTheSameBitsAndAnotherOneDoesNot() {
        List<float[]> sample = FashionMnist.TRAIN.images().subList(0, 200);
        byte[] first = train(sample, 1);
        assertArrayEquals(first, train(sample, 1));
        assertFalse(Arrays.equals(first, train(sample, 2)));
    }

    private static byte[] train(List<float[]> sample, long seed) {
        return GanTraining.train(sample, new TrainingSettings(4, 3, 64, 0.001f, seed))
                .toBytes();
    }

    @Test
    void refusesASampleThatIsTooSmall() {
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot train a GAN of 4 dimensions: there are 99 rows (at least 100 are needed). Use more rows, or fewer"
                        + " dimensions.",
                () -> GanTraining.train(FashionMnist.TRAIN.images().subList(0, 99), GanTraining.settings(4, 1)));
    }
}
