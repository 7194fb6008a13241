package io.embedlake.local.training;

import java.util.Random;
import java.util.stream.IntStream;

/**
 * The rows of a sample, shuffled again for each epoch, in batches of one size; what is left over has its turn in another epoch. Mutable;
 * confined to one thread.
 */
final class Batches {
    private final TrainingRows rows;
    private final int size;
    private final Random random;
    private final int[] order;
    private int next;

    Batches(TrainingRows rows, int size, Random random) {
        this.rows = rows;
        this.size = Math.min(size, rows.size());
        this.random = random;
        this.order = IntStream.range(0, rows.size()).toArray();
        this.next = order.length;
    }

    /** The next standardised rows. */
    float[][] next() {
        if (next + size > order.length) {
            shuffle();
            next = 0;
        }
        float[][] batch = new float[size][];
        for (int i = 0; i < size; i++) {
            batch[i] = rows.row(order[next + i]);
        }
        next += size;
        return batch;
    }

    /** By Fisher and Yates. */
    private void shuffle() {
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int number = order[i];
            order[i] = order[other];
            order[other] = number;
        }
    }
}
