package io.embedlake.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Compares two batch sizes on alternating batches: texts get shorter and the machine's load changes meanwhile, and
 * both sizes are affected alike. Confined to one thread at a time.
 */
final class SizeTrial {
    /** The first batches of a size are slowed by memory allocation and kernel compilation. */
    private static final int WARM_UP = 2;

    private static final int PAIRS = 15;

    private final int smaller;
    private final int larger;
    private final List<Double> smallerSpeeds = new ArrayList<>();
    private final List<Double> largerSpeeds = new ArrayList<>();

    SizeTrial(int smaller, int larger) {
        this.smaller = smaller;
        this.larger = larger;
    }

    int smaller() {
        return smaller;
    }

    int larger() {
        return larger;
    }

    /** The size that the next batch should have: the one that was measured less often. */
    int next() {
        return largerSpeeds.size() < smallerSpeeds.size() ? larger : smaller;
    }

    /** Takes what a batch of one of the sizes has shown. */
    void measured(int size, double tokensPerSecond) {
        (size == larger ? largerSpeeds : smallerSpeeds).add(tokensPerSecond);
    }

    /** Whether enough was measured. */
    boolean isOver() {
        return Math.min(smallerSpeeds.size(), largerSpeeds.size()) >= WARM_UP + PAIRS;
    }

    /** How many times as fast the larger size is: the middle one of the pairs, which a single slow batch cannot move. */
    double gain() {
        return IntStream.range(WARM_UP, WARM_UP + PAIRS)
                .mapToDouble(pair -> largerSpeeds.get(pair) / smallerSpeeds.get(pair))
                .sorted()
                .toArray()[PAIRS / 2];
    }
}
