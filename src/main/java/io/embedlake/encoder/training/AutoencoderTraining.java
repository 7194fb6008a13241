package io.embedlake.encoder.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.tracker.Tracker;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.reduce.AutoencoderReducer;
import io.embedlake.reduce.DenseNetwork;
import io.embedlake.reduce.NetworkReducer;
import java.util.List;
import java.util.Random;

/**
 * Trains autoencoders whose short vectors have the neighbours of the long ones. Stateless; trainings of a JVM wait for each other.
 *
 * <p>Encoder and decoder have one hidden layer each and begin as the projection onto the sample's principal axes and back. They learn to
 * reconstruct (mean squared error of standardised values) and to keep neighbours ({@link NeighbourLoss}), in equal parts. All randomness
 * comes from the seed: the same sample, settings and machine give the same bits.
 */
public final class AutoencoderTraining {
    private static final String WHAT = "an autoencoder";
    /** Hidden units for each dimension, beside the two that make the projection. */
    private static final int FREE_UNITS = 2;

    private static final float MOMENTUM = 0.9f;
    private static final float LAST_RATE = 0.01f;

    private AutoencoderTraining() {}

    /** The settings that served best on vectors of texts; the length of the short vectors and the seed are free. */
    public static TrainingSettings settings(int dimensions, long seed) {
        return new TrainingSettings(dimensions, 40, 512, 0.002f, seed);
    }

    /**
     * Trains an autoencoder.
     *
     * @param sample {@code [rows][values]}; not changed
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the sample cannot be learned from: too few rows, rows of
     *     different lengths or not longer than the dimensions, values that are not finite, rows that are all alike
     */
    public static AutoencoderReducer train(List<float[]> sample, TrainingSettings settings) {
        TrainingRows rows = TrainingRows.of(sample, settings.dimensions(), WHAT);
        return TorchTraining.alone(manager -> train(rows, settings, manager));
    }

    private static AutoencoderReducer train(TrainingRows rows, TrainingSettings settings, NDManager manager) {
        Random random = new Random(settings.seed());
        Beginning beginning = Beginning.of(rows, settings.dimensions(), random, manager);
        int steps = Effort.steps(rows.size(), settings, multiplications(beginning, settings.batchRows()));
        Tracker rate = Tracker.cosine()
                .setBaseValue(settings.learningRate())
                .optFinalValue(settings.learningRate() * LAST_RATE)
                .setMaxUpdates(steps)
                .build();
        LearningNetwork encoder = LearningNetwork.of(beginning.encoder(), MOMENTUM, rate, manager);
        LearningNetwork decoder = LearningNetwork.of(beginning.decoder(), MOMENTUM, rate, manager);
        NDArray origin = manager.create(rows.origin());
        Batches batches = new Batches(rows, settings.batchRows(), random);
        for (int step = 0; step < steps; step++) {
            try (NDManager scope = manager.newSubManager()) {
                NDArray values = LearningNetwork.matrix(batches.next(), scope);
                TorchTraining.descend(WHAT, () -> {
                    NDArray vectors = encoder.forward(values);
                    NDArray error =
                            decoder.forward(vectors).sub(values).square().mean();
                    return error.add(NeighbourLoss.of(values.add(origin), vectors));
                });
            }
            encoder.step();
            decoder.step();
        }
        return new AutoencoderReducer(
                new NetworkReducer(rows.standardization(), encoder.snapshot()), decoder.snapshot());
    }

    private static double multiplications(Beginning beginning, int batchRows) {
        DenseNetwork encoder = beginning.encoder();
        return Effort.multiplications(encoder)
                + Effort.multiplications(beginning.decoder())
                + (double) batchRows * (encoder.inputs() + encoder.outputs());
    }

    /** Networks that project onto the principal axes, without moving 0, and back. */
    private record Beginning(DenseNetwork encoder, DenseNetwork decoder) {
        static Beginning of(TrainingRows rows, int dimensions, Random random, NDManager manager) {
            float[][] axes = PrincipalAxes.of(rows.some(random), dimensions, random, manager);
            float[] origin = rows.origin();
            float[][] columns = new float[rows.width()][dimensions];
            float[][] same = new float[dimensions][dimensions];
            float[] shift = new float[dimensions];
            float[] shiftBack = new float[dimensions];
            for (int k = 0; k < dimensions; k++) {
                double share = 0;
                for (int i = 0; i < origin.length; i++) {
                    columns[i][k] = axes[k][i];
                    share += (double) axes[k][i] * origin[i];
                }
                same[k][k] = 1;
                shift[k] = (float) share;
                shiftBack[k] = (float) -share;
            }
            int free = FREE_UNITS * dimensions;
            return new Beginning(
                    FirstWeights.linear(columns, shift, same, free, random),
                    FirstWeights.linear(same, shiftBack, axes, free, random));
        }
    }
}
