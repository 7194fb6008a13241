package io.embedlake.pipeline;

import io.embedlake.spi.Device;
import io.embedlake.spi.EncodedInput;
import io.embedlake.text.TokenBudget;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the size of batches that an embedder computes fastest, while the job runs: the first batches have a small size and one twice as
 * large in turn. The larger one is taken when it is clearly faster, and then the next one is tried, until sizes are no better or enough
 * time was spent. Thread-safe; shared by all who use the embedder, so that they find it together and once.
 *
 * <p>Only batches that fill their budget are measurements. A batch that the embedder had to halve because memory ran out is slow, and so a
 * size that does not fit the device is not taken.
 */
public final class BatchTuner implements BatchSize {
    private static final Logger LOG = LoggerFactory.getLogger(BatchTuner.class);

    /** Caches of processors are full long before the last of these. */
    private static final List<Integer> PROCESSOR_SIZES = List.of(256, 512, 1024, 2048, 4096);

    private static final List<Integer> GPU_SIZES = List.of(2048, 4096, 8192, 16_384, 32_768, 65_536);

    /** Smaller gains are noise. */
    private static final double CLEAR_GAIN = 1.05;

    /** The search ends after this many sizes in a row without a gain: one may be noise or a gentle slope. */
    private static final int PATIENCE = 2;

    /** Time that was computed with one size or the other, of all threads together; none of it is lost. */
    private static final Duration BUDGET = Duration.ofSeconds(30);

    private final String embedder;
    private final List<Integer> sizes;
    private final LongSupplier nanoTime;
    private SizeTrial trial;
    private int failures;
    private long spentNanos;
    private volatile BatchSize best;
    private volatile boolean isSettled;

    /**
     * A tuner of an embedder without measurements.
     *
     * @param embedder how a person names it
     * @param sizes the padded tokens of a batch that are tried, at least two, smallest first
     * @param nanoTime a clock that only moves forward
     */
    BatchTuner(String embedder, List<Integer> sizes, LongSupplier nanoTime) {
        this.embedder = embedder;
        this.sizes = List.copyOf(sizes);
        this.nanoTime = nanoTime;
        this.trial = new SizeTrial(sizes.get(0), sizes.get(1));
        this.best = BatchSize.of(trial.smaller());
    }

    /**
     * A tuner with the sizes that may suit a device.
     *
     * @param embedder how a person names the embedder
     * @param nanoTime a clock that only moves forward
     */
    public static BatchTuner of(String embedder, Device device, LongSupplier nanoTime) {
        return new BatchTuner(embedder + " on " + device, device.isGpu() ? GPU_SIZES : PROCESSOR_SIZES, nanoTime);
    }

    @Override
    public Turn next() {
        return isSettled ? best.next() : measuredTurn();
    }

    @Override
    public int tokens() {
        return best.tokens();
    }

    @Override
    public synchronized int texts() {
        return isSettled ? best.texts() : BatchSize.budget(trial.larger()).texts();
    }

    /** Whether the size is final. */
    boolean isSettled() {
        return isSettled;
    }

    private synchronized Turn measuredTurn() {
        return new MeasuredTurn(trial, BatchSize.budget(trial.next()), nanoTime.getAsLong());
    }

    private final class MeasuredTurn implements Turn {
        private final SizeTrial of;
        private final TokenBudget budget;
        private final long begin;

        MeasuredTurn(SizeTrial of, TokenBudget budget, long begin) {
            this.of = of;
            this.budget = budget;
            this.begin = begin;
        }

        @Override
        public TokenBudget budget() {
            return budget;
        }

        @Override
        public void done(List<EncodedInput> batch) {
            long nanos = Math.max(1, nanoTime.getAsLong() - begin);
            long tokens = batch.stream().mapToLong(EncodedInput::tokens).sum();
            took(of, budget.paddedTokens(), budget.isFilledBy(batch, EncodedInput::tokens), tokens, nanos);
        }
    }

    private synchronized void took(SizeTrial of, int size, boolean isMeasurement, long tokens, long nanos) {
        // Another thread may have ended the trial, or the search, while this batch was computed.
        if (isSettled || of != trial) {
            return;
        }
        spentNanos += nanos;
        if (isMeasurement) {
            trial.measured(size, tokens * 1e9 / nanos);
        }
        if (trial.isOver()) {
            decide();
        }
        if (!isSettled && spentNanos >= BUDGET.toNanos()) {
            settle();
        }
    }

    private void decide() {
        boolean isFaster = trial.gain() >= CLEAR_GAIN;
        LOG.debug(
                "{}: batches of {} have {} times the speed of {}",
                embedder,
                trial.larger(),
                trial.gain(),
                trial.smaller());
        if (isFaster) {
            best = BatchSize.of(trial.larger());
        }
        failures = isFaster ? 0 : failures + 1;
        int next = sizes.indexOf(trial.larger()) + 1;
        if (next == sizes.size() || failures == PATIENCE) {
            settle();
        } else {
            trial = new SizeTrial(best.tokens(), sizes.get(next));
        }
    }

    private void settle() {
        isSettled = true;
        LOG.info(
                "Batches of {} have up to {} tokens, padding included: the fastest after {} s of computing, sizes up to {} tried",
                embedder,
                best.tokens(),
                Math.round(spentNanos / 1e8) / 10.0,
                trial.larger());
    }
}
