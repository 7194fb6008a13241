package io.embedlake.spark.executor;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * How far a job's tasks have got, under names that read well in Spark's UI. For show only: what a task adds may be added once more when
 * Spark repeats it. Thread-safe as Spark's accumulators are; tasks add, the driver reads.
 *
 * @param texts texts that got a vector
 * @param rejected texts that got none
 * @param tokens tokens of the texts that got a vector
 */
public record EmbedCounters(LongAccumulator texts, LongAccumulator rejected, LongAccumulator tokens)
        implements Serializable {
    /** The name of the first one in Spark's events. */
    public static final String TEXTS = "embedlake: texts embedded";

    /** Counters at zero, registered with Spark. */
    public static EmbedCounters register(SparkContext context) {
        return new EmbedCounters(
                context.longAccumulator(TEXTS),
                context.longAccumulator("embedlake: texts rejected"),
                context.longAccumulator("embedlake: tokens embedded"));
    }
}
