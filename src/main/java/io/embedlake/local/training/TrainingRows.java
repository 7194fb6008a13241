package io.embedlake.local.training;

import io.embedlake.reduce.Standardization;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A sample that can be learned from. Immutable by convention.
 *
 * @param standardization that of the sample
 * @param sample {@code [rows][values]}, unchanged
 */
record TrainingRows(Standardization standardization, List<float[]> sample) {
    private static final int LEAST = 100;
    private static final int ENOUGH_FOR_AXES = 16_384;

    /**
     * Checks and standardises a sample.
     *
     * @param what such as {@code an autoencoder}, for messages
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there are too few rows for the dimensions, when rows differ in
     *     length, are too short, not finite or all alike
     */
    static TrainingRows of(List<float[]> sample, int dimensions, String what) {
        int least = Math.max(LEAST, 2 * dimensions);
        if (sample.size() < least) {
            throw refuse(
                    what,
                    dimensions,
                    "there are " + sample.size() + " rows",
                    "at least " + least + " are needed",
                    "Use more rows, or fewer dimensions");
        }
        int width = sample.get(0).length;
        for (float[] row : sample) {
            requireUsable(row, width, dimensions, what);
        }
        float[] first = sample.get(0);
        if (sample.stream().allMatch(row -> Arrays.equals(row, first))) {
            throw refuse(what, dimensions, "all rows are alike", "there is nothing to learn", "Use other rows");
        }
        return new TrainingRows(Standardization.of(sample), sample);
    }

    private static void requireUsable(float[] row, int width, int dimensions, String what) {
        if (row.length != width) {
            throw refuse(
                    what,
                    dimensions,
                    "a row has " + row.length + " values and another " + width,
                    "all need the same number",
                    "Use rows of one kind");
        }
        if (width <= dimensions) {
            throw refuse(
                    what,
                    dimensions,
                    "a row has " + width + " values",
                    "more are needed than dimensions",
                    "Set fewer dimensions");
        }
        for (float value : row) {
            if (!Float.isFinite(value)) {
                throw refuse(
                        what,
                        dimensions,
                        "a row has the value " + value,
                        "numbers have to be finite",
                        "Leave such rows out");
            }
        }
    }

    private static EmbedlakeException refuse(String what, int dimensions, String value, String rule, String change) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot train " + what + " of " + dimensions + " dimensions: " + value + " (" + rule + "). " + change
                        + ".");
    }

    /** How many rows there are. */
    int size() {
        return sample.size();
    }

    /** How many values a row has. */
    int width() {
        return standardization.dimensions();
    }

    /** A row around 0. */
    float[] row(int number) {
        return standardization.apply(sample.get(number));
    }

    /** Where 0 lies as seen from the standardised rows, with the other sign: a row plus it has the direction of the row as it came. */
    float[] origin() {
        float[] origin = standardization.mean();
        for (int i = 0; i < origin.length; i++) {
            origin[i] /= standardization.deviation();
        }
        return origin;
    }

    /** As many standardised rows as principal axes need. */
    float[][] some(Random random) {
        return new Batches(this, Math.min(size(), ENOUGH_FOR_AXES), random).next();
    }
}
