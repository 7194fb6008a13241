package io.embedlake.local;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Halves batches that do not fit into memory. Stateless. */
final class Halving {
    private Halving() {}

    /**
     * The results of a batch, in its order.
     *
     * @param compute computes a batch
     * @param isTooMuch whether a failure means that a smaller batch may work
     */
    static <T, R> List<R> compute(
            List<T> batch, Function<List<T>, List<R>> compute, Predicate<RuntimeException> isTooMuch) {
        try {
            return compute.apply(batch);
        } catch (RuntimeException e) {
            if (batch.size() == 1 || !isTooMuch.test(e)) {
                throw e;
            }
        }
        // Outside of the handler: what the failed batch held is free by now.
        int half = batch.size() / 2;
        List<R> results = new ArrayList<>(compute(batch.subList(0, half), compute, isTooMuch));
        results.addAll(compute(batch.subList(half, batch.size()), compute, isTooMuch));
        return results;
    }
}
