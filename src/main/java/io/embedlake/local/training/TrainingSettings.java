package io.embedlake.local.training;

/**
 * How a small network is trained. Immutable.
 *
 * @param dimensions the length of the vectors that it gives
 * @param epochs how often the sample is seen, unless that is more work than a training may be
 * @param batchRows how many rows make a step
 * @param learningRate the rate of the first steps
 * @param seed the same settings, seed and sample give the same bits
 */
public record TrainingSettings(int dimensions, int epochs, int batchRows, float learningRate, long seed) {
    public TrainingSettings {
        requirePositive(dimensions, "dimensions");
        requirePositive(epochs, "epochs");
        requirePositive(batchRows, "batchRows");
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw new IllegalArgumentException("learningRate has to lie above 0 and up to 1: " + learningRate);
        }
    }

    private static void requirePositive(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " has to be at least 1: " + value);
        }
    }
}
