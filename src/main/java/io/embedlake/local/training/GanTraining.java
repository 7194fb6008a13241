package io.embedlake.local.training;

import io.embedlake.reduce.Activation;
import io.embedlake.reduce.DenseNetwork;
import io.embedlake.reduce.NetworkReducer;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/**
 * Trains a generator, which makes rows of noise, and a discriminator, which tells them from those of the sample (Goodfellow et al.,
 * Generative Adversarial Nets, 2014). A vector is the discriminator's last hidden layer, as in Radford et al., Unsupervised
 * Representation Learning with Deep Convolutional GANs, 2016. Stateless. Uses all
 * processors; the bits do not depend on their number.
 *
 * <p>All randomness comes from the seed: the same sample and settings give the same bits on every machine.
 */
public final class GanTraining {
    private static final String WHAT = "a GAN";
    private static final int NOISE = 32;
    private static final int LEAST_HIDDEN = 256;
    private static final int HIDDEN_FOR_A_DIMENSION = 4;
    private static final float MOMENTUM = 0.5f;
    /** The discriminator sees true rows, made ones, and made ones again; the generator makes rows twice. */
    private static final int DISCRIMINATIONS = 3;

    private static final int GENERATIONS = 2;

    private GanTraining() {}

    /** The settings of Radford et al., with smaller batches; the length of the vectors and the seed are free. */
    public static TrainingSettings settings(int dimensions, long seed) {
        return new TrainingSettings(dimensions, 60, 64, 0.0002f, seed);
    }

    /**
     * Trains both, and keeps what makes vectors.
     *
     * @param sample {@code [rows][values]}; not changed
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the sample cannot be learned from: too few rows, rows of
     *     different lengths or not longer than the dimensions, values that are not finite, rows that are all alike
     */
    public static NetworkReducer train(List<float[]> sample, TrainingSettings settings) {
        TrainingRows rows = TrainingRows.of(sample, settings.dimensions(), WHAT);
        Random random = new Random(settings.seed());
        int dimensions = settings.dimensions();
        int hidden = Math.max(LEAST_HIDDEN, HIDDEN_FOR_A_DIMENSION * dimensions);
        DenseNetwork firstDiscriminator = network(random, rows.width(), hidden, dimensions, 1);
        DenseNetwork firstGenerator = network(random, NOISE, hidden, hidden, rows.width());
        IntToDoubleFunction rate = step -> settings.learningRate();
        LearningNetwork discriminator = LearningNetwork.of(firstDiscriminator, MOMENTUM, rate);
        LearningNetwork generator = LearningNetwork.of(firstGenerator, MOMENTUM, rate);
        int steps = TrainingSteps.steps(
                rows.size(),
                settings,
                DISCRIMINATIONS * TrainingSteps.multiplications(firstDiscriminator)
                        + GENERATIONS * TrainingSteps.multiplications(firstGenerator));
        Batches batches = new Batches(rows, settings.batchRows(), random);
        for (int step = 0; step < steps; step++) {
            float[][] batch = batches.next();
            LearningNetwork.Pass ofTrue = discriminator.forward(batch);
            LearningNetwork.Pass ofMade = discriminator.forward(
                    generator.forward(noise(batch.length, random)).outputs());
            float[][] slopesOfTrue = ofTrue.outputs();
            float[][] slopesOfMade = ofMade.outputs();
            TrainingLoss.requireFinite(WHAT, mistaken(slopesOfTrue, 1) + mistaken(slopesOfMade, -1));
            discriminator.learn(ofTrue, slopesOfTrue);
            discriminator.learn(ofMade, slopesOfMade);
            discriminator.step();
            LearningNetwork.Pass made = generator.forward(noise(batch.length, random));
            LearningNetwork.Pass judged = discriminator.forward(made.outputs());
            float[][] slopes = judged.outputs();
            TrainingLoss.requireFinite(WHAT, mistaken(slopes, 1));
            generator.learn(made, discriminator.ofInputs(discriminator.back(judged, slopes)));
            generator.step();
        }
        DenseNetwork learned = discriminator.snapshot();
        return new NetworkReducer(
                rows.standardization(), learned.first(learned.layers().size() - 1));
    }

    private static DenseNetwork network(Random random, int inputs, int first, int second, int outputs) {
        return new DenseNetwork(List.of(
                FirstWeights.random(inputs, first, Activation.LEAKY_RELU, random),
                FirstWeights.random(first, second, Activation.LEAKY_RELU, random),
                FirstWeights.random(second, outputs, Activation.NONE, random)));
    }

    /**
     * The mean cross entropy of taking rows for true ones, or for made ones.
     *
     * @param logits {@code [rows][1]}; become the slopes of the loss
     * @param sign 1 for true ones, -1 for made ones
     */
    private static double mistaken(float[][] logits, int sign) {
        double sum = 0;
        for (float[] logit : logits) {
            double against = -sign * (double) logit[0];
            double small = StrictMath.exp(-Math.abs(against));
            sum += Math.max(against, 0) + StrictMath.log1p(small);
            double share = (against > 0 ? 1 : small) / (1 + small);
            logit[0] = (float) (-sign * share / logits.length);
        }
        return sum / logits.length;
    }

    private static float[][] noise(int rows, Random random) {
        float[][] values = new float[rows][NOISE];
        for (float[] row : values) {
            for (int i = 0; i < NOISE; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return values;
    }
}
