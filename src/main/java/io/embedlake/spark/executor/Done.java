package io.embedlake.spark.executor;

import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.store.CallCaps;
import io.embedlake.spark.store.Rejections;
import io.embedlake.spi.ErrorKind;
import java.io.Serializable;
import java.time.Duration;

/**
 * The figures of an embedding. Immutable.
 *
 * @param embedded texts that got a vector
 * @param rejections texts that were rejected
 * @param vectors the vectors of the embedded texts
 * @param truncated embedded texts that were cut
 * @param split embedded texts that were split into chunks
 * @param tokens tokens of the embedded texts
 * @param unknown the out-of-vocabulary ones of the tokens
 * @param caps what the server turned out to take in a call
 * @param time how long it took
 */
public record Done(
        long embedded,
        Rejections rejections,
        long vectors,
        long truncated,
        long split,
        long tokens,
        long unknown,
        CallCaps caps,
        Duration time)
        implements Serializable {
    public static final Done NOTHING = new Done(0, Rejections.NONE, 0, 0, 0, 0, 0, CallCaps.NONE, Duration.ZERO);

    /** A rejected text. */
    static Done rejected(ErrorKind kind) {
        return new Done(0, Rejections.of(kind), 0, 0, 0, 0, 0, CallCaps.NONE, Duration.ZERO);
    }

    /** The same with calls that were limited. */
    Done within(CallCaps limits) {
        return new Done(embedded, rejections, vectors, truncated, split, tokens, unknown, limits, time);
    }

    public Done plus(Done more) {
        return new Done(
                embedded + more.embedded,
                rejections.plus(more.rejections),
                vectors + more.vectors,
                truncated + more.truncated,
                split + more.split,
                tokens + more.tokens,
                unknown + more.unknown,
                caps.and(more.caps),
                time.plus(more.time));
    }

    /** How many texts were rejected. */
    public long rejected() {
        return rejections.texts();
    }

    /** The texts that have an outcome. */
    public long texts() {
        return embedded + rejected();
    }

    /** The same after a time. */
    public Done in(Duration took) {
        return new Done(embedded, rejections, vectors, truncated, split, tokens, unknown, caps, took);
    }

    /** The same with what a column alone gained, by what was there before and is there now. */
    public Done counted(WorkPlan.Counts before, WorkPlan.Counts now) {
        long ofColumn = now.embedded() - before.embedded();
        return new Done(ofColumn, rejections, ofColumn, truncated, split, tokens, unknown, caps, time);
    }
}
