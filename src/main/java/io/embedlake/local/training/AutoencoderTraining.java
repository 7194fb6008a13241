package io.embedlake.local.training;

import io.embedlake.reduce.AutoencoderReducer;
import io.embedlake.reduce.DenseNetwork;
import io.embedlake.reduce.NetworkReducer;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/**
 * Trains autoencoders whose short vectors have the neighbours of the long ones. Stateless. Uses all processors; the bits do not
 * depend on their number.
 *
 * <p>Encoder and decoder have one hidden layer each and begin as the projection onto the sample's principal axes and back. They learn to
 * reconstruct (mean squared error of standardised values) and to keep neighbours ({@link NeighbourLoss}), in equal parts. All randomness
 * comes from the seed: the same sample and settings give the same bits on every machine.
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
        Random random = new Random(settings.seed());
        Beginning beginning = Beginning.of(rows, settings.dimensions(), random);
        int steps = TrainingSteps.steps(rows.size(), settings, multiplications(beginning, settings.batchRows()));
        IntToDoubleFunction rate = falling(settings.learningRate(), steps);
        LearningNetwork encoder = LearningNetwork.of(beginning.encoder(), MOMENTUM, rate);
        LearningNetwork decoder = LearningNetwork.of(beginning.decoder(), MOMENTUM, rate);
        float[] origin = rows.origin();
        Batches batches = new Batches(rows, settings.batchRows(), random);
        for (int step = 0; step < steps; step++) {
            float[][] batch = batches.next();
            learn(batch, origin, encoder, decoder);
            encoder.step();
            decoder.step();
        }
        return new AutoencoderReducer(
                new NetworkReducer(rows.standardization(), encoder.snapshot()), decoder.snapshot());
    }

    /** From the whole rate down to a small part of it, by half a cosine wave. */
    private static IntToDoubleFunction falling(double rate, int steps) {
        double last = rate * LAST_RATE;
        return step -> last + (rate - last) / 2 * (1 + StrictMath.cos(Math.PI * step / steps));
    }

    /** Collects the gradients of both losses. */
    private static void learn(float[][] batch, float[] origin, LearningNetwork encoder, LearningNetwork decoder) {
        LearningNetwork.Pass encoded = encoder.forward(batch);
        LearningNetwork.Pass decoded = decoder.forward(encoded.outputs());
        NeighbourLoss neighbours = NeighbourLoss.of(moved(batch, origin), encoded.outputs());
        float[][] slopes = decoded.outputs();
        TrainingLoss.requireFinite(WHAT, neighbours.value() + reconstructionLoss(batch, slopes));
        float[][] ofVectors = decoder.ofInputs(decoder.learn(decoded, slopes));
        for (int row = 0; row < batch.length; row++) {
            for (int i = 0; i < ofVectors[row].length; i++) {
                ofVectors[row][i] += neighbours.slopes()[row][i];
            }
        }
        encoder.learn(encoded, ofVectors);
    }

    private static float[][] moved(float[][] batch, float[] origin) {
        float[][] moved = Products.copy(batch, batch.length);
        for (float[] row : moved) {
            for (int i = 0; i < row.length; i++) {
                row[i] += origin[i];
            }
        }
        return moved;
    }

    /** The mean squared error of rows, which become the slopes of the loss. */
    private static double reconstructionLoss(float[][] batch, float[][] found) {
        double count = (double) batch.length * batch[0].length;
        float scale = (float) (2 / count);
        double squares = 0;
        for (int row = 0; row < batch.length; row++) {
            for (int i = 0; i < batch[row].length; i++) {
                float error = found[row][i] - batch[row][i];
                squares += (double) error * error;
                found[row][i] = scale * error;
            }
        }
        return squares / count;
    }

    private static double multiplications(Beginning beginning, int batchRows) {
        DenseNetwork encoder = beginning.encoder();
        return TrainingSteps.multiplications(encoder)
                + TrainingSteps.multiplications(beginning.decoder())
                + (double) batchRows * (encoder.inputs() + encoder.outputs());
    }

    /** Networks that project onto the principal axes, without moving 0, and back. */
    private record Beginning(DenseNetwork encoder, DenseNetwork decoder) {
        static Beginning of(TrainingRows rows, int dimensions, Random random) {
            float[][] axes = PrincipalAxes.of(rows.some(random), dimensions, random);
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
