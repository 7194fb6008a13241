package io.embedlake.spark.executor;

import io.embedlake.pipeline.WorkPlan;
import java.io.Serializable;
import java.time.Duration;

/**
 * The figures of an embedding. Immutable.
 *
 * @param embedded texts that got a vector
 * @param rejected texts that can never have one
 * @param vectors the vectors of the embedded texts
 * @param truncated embedded texts that were cut
 * @param split embedded texts that were split into chunks
 * @param tokens tokens of the embedded texts
 * @param unknown the out-of-vocabulary ones of the tokens
 * @param time how long it took
 */
public record Done(
        long embedded,
        long rejected,
        long vectors,
        long truncated,
        long split,
        long tokens,
        long unknown,
        Duration time)
        implements Serializable {
    public static final Done NOTHING = new Done(0, 0, 0, 0, 0, 0, 0, Duration.ZERO);

    public Done plus(Done more) {
        return new Done(
                embedded + more.embedded,
                rejected + more.rejected,
                vectors + more.vectors,
                truncated + more.truncated,
                split + more.split,
                tokens + more.tokens,
                unknown + more.unknown,
                time.plus(more.time));
    }

    /** The texts that have an outcome. */
    public long texts() {
        return embedded + rejected;
    }

    /** The same after a time. */
    public Done in(Duration took) {
        return new Done(embedded, rejected, vectors, truncated, split, tokens, unknown, took);
    }

    /** The same for the texts of a column alone, by what was there before and is there now. */
    public Done counted(WorkPlan.Counts before, WorkPlan.Counts now) {
        long ofColumn = now.embedded() - before.embedded();
        return new Done(
                ofColumn, now.rejected() - before.rejected(), ofColumn, truncated, split, tokens, unknown, time);
    }
}
