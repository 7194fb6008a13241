package io.embedlake.local.training;

import io.embedlake.reduce.DenseLayer;
import io.embedlake.reduce.DenseNetwork;

/** How many steps a training takes: a number that depends on sizes alone, so that it is the same on every machine. Stateless. */
final class TrainingSteps {
    /** About two minutes of one processor core. */
    private static final double MOST_MULTIPLICATIONS = 3e12;
    /** Small steps cost their overhead: about as long. */
    private static final int MOST_STEPS = 60_000;
    /** The way back computes gradients of weights and of values. */
    private static final int THERE_AND_BACK = 3;

    private TrainingSteps() {}

    /**
     * As many steps as the epochs have, unless that is too much work.
     *
     * @param multiplications for each row of a batch, on the way there
     */
    static int steps(int rows, TrainingSettings settings, double multiplications) {
        int batch = Math.min(rows, settings.batchRows());
        double wanted = (double) settings.epochs() * (rows / batch);
        double most = MOST_MULTIPLICATIONS / (THERE_AND_BACK * multiplications * batch);
        return (int) Math.max(1, Math.min(wanted, Math.min(most, MOST_STEPS)));
    }

    /** How many multiplications a network takes for a row. */
    static double multiplications(DenseNetwork network) {
        return network.layers().stream()
                .mapToDouble((DenseLayer layer) -> (double) layer.inputs() * layer.outputs())
                .sum();
    }
}
