package io.embedlake.spark.run;

import io.embedlake.annotation.Stable;
import io.embedlake.spi.InputKind;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A wave of a run whose outcomes are in the store; a provider's batches of a column count as one. Each text is counted once, however
 * often Spark repeats a task. Immutable.
 *
 * @param run the run's name
 * @param column the vector column
 * @param inputs what was embedded
 * @param number which wave of the run, from 1
 * @param embedded texts, or images, that got a vector
 * @param rejected those that got none
 * @param tokens tokens of the embedded texts
 * @param truncated embedded texts that were cut to the model's limit
 * @param lengths the embedded texts by tokens; without a text where that was not counted
 * @param usd what the provider was paid, in US dollars; 0 of models that run here, empty if the price is unknown
 * @param calls permits for calls to the provider
 * @param paused how long the provider made all calls wait because they were too fast
 * @param time how long the wave took, its commit included
 */
@Stable
public record CommittedWave(
        String run,
        String column,
        InputKind inputs,
        long number,
        long embedded,
        long rejected,
        long tokens,
        long truncated,
        TokenHistogram lengths,
        OptionalDouble usd,
        long calls,
        Duration paused,
        Duration time) {
    public CommittedWave {
        Objects.requireNonNull(run);
        Objects.requireNonNull(column);
        Objects.requireNonNull(inputs);
        Objects.requireNonNull(lengths);
        Objects.requireNonNull(usd);
        Objects.requireNonNull(paused);
        Objects.requireNonNull(time);
    }

    /** The texts that have an outcome. */
    public long texts() {
        return embedded + rejected;
    }
}
