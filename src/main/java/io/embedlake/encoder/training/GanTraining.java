package io.embedlake.encoder.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.tracker.Tracker;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.reduce.Activation;
import io.embedlake.reduce.DenseNetwork;
import io.embedlake.reduce.NetworkReducer;
import java.util.List;
import java.util.Random;

/**
 * Trains a generator, which makes rows of noise, and a discriminator, which tells them from those of the sample (Goodfellow et al.,
 * Generative Adversarial Nets, 2014). A vector is the discriminator's last hidden layer, as in Radford et al., Unsupervised
 * Representation Learning with Deep Convolutional GANs, 2016. Stateless; trainings of a JVM wait for each other.
 *
 * <p>All randomness comes from the seed: the same sample, settings and machine give the same bits.
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
        return TorchTraining.alone(manager -> train(rows, settings, manager));
    }

    private static NetworkReducer train(TrainingRows rows, TrainingSettings settings, NDManager manager) {
        Random random = new Random(settings.seed());
        int dimensions = settings.dimensions();
        int hidden = Math.max(LEAST_HIDDEN, HIDDEN_FOR_A_DIMENSION * dimensions);
        DenseNetwork firstDiscriminator = network(random, rows.width(), hidden, dimensions, 1);
        DenseNetwork firstGenerator = network(random, NOISE, hidden, hidden, rows.width());
        Tracker rate = Tracker.fixed(settings.learningRate());
        LearningNetwork discriminator = LearningNetwork.of(firstDiscriminator, MOMENTUM, rate, manager);
        LearningNetwork generator = LearningNetwork.of(firstGenerator, MOMENTUM, rate, manager);
        int steps = Effort.steps(
                rows.size(),
                settings,
                DISCRIMINATIONS * Effort.multiplications(firstDiscriminator)
                        + GENERATIONS * Effort.multiplications(firstGenerator));
        Batches batches = new Batches(rows, settings.batchRows(), random);
        for (int step = 0; step < steps; step++) {
            try (NDManager scope = manager.newSubManager()) {
                NDArray sample = LearningNetwork.matrix(batches.next(), scope);
                long count = sample.getShape().get(0);
                NDArray made = generator.forward(noise(count, random, scope));
                TorchTraining.descend(WHAT, () -> mistaken(discriminator.forward(sample))
                        .add(mistaken(discriminator.forward(made).neg())));
                discriminator.step();
                NDArray seeds = noise(count, random, scope);
                TorchTraining.descend(WHAT, () -> mistaken(discriminator.forward(generator.forward(seeds))));
                generator.step();
                discriminator.forget();
            }
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

    /** The cross entropy of taking rows for true ones, whose logits these are. */
    private static NDArray mistaken(NDArray logits) {
        return ai.djl.nn.Activation.softPlus(logits.neg()).mean();
    }

    private static NDArray noise(long rows, Random random, NDManager scope) {
        float[] values = new float[Math.toIntExact(rows * NOISE)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return scope.create(values, new Shape(rows, NOISE));
    }
}
