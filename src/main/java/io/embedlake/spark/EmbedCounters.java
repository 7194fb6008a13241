package io.embedlake.spark;

import io.embedlake.embed.ErrorKind;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * What a job counts while its tasks run, under names that read well in Spark's UI. Thread-safe as Spark's accumulators are;
 * tasks add, the driver reads.
 *
 * @param texts texts that got a vector
 * @param tokens tokens of those texts
 * @param unknown those of the tokens that the model does not know
 * @param vectors the vectors of those texts
 * @param truncated those of the texts that were cut to the model's limit
 * @param split those of the texts that were read in several pieces
 * @param rejected texts that got none
 * @param stops why tasks ended before their texts did: the kind and the sentence
 */
record EmbedCounters(
        LongAccumulator texts,
        LongAccumulator tokens,
        LongAccumulator unknown,
        LongAccumulator vectors,
        LongAccumulator truncated,
        LongAccumulator split,
        LongAccumulator rejected,
        CollectionAccumulator<Stop> stops)
        implements Serializable {
    /**
     * Why a task ended early. Immutable.
     *
     * @param kind what it does to the job
     * @param sentence for the user
     */
    record Stop(ErrorKind kind, String sentence) implements Serializable {}

    static final String TEXTS = "embedlake: texts embedded";
    static final String TOKENS = "embedlake: tokens embedded";

    /** Counters at zero, registered with Spark. */
    static EmbedCounters register(SparkContext context) {
        return new EmbedCounters(
                context.longAccumulator(TEXTS),
                context.longAccumulator(TOKENS),
                context.longAccumulator("embedlake: tokens unknown to the model"),
                context.longAccumulator("embedlake: vectors"),
                context.longAccumulator("embedlake: texts truncated"),
                context.longAccumulator("embedlake: texts split"),
                context.longAccumulator("embedlake: texts rejected"),
                context.collectionAccumulator("embedlake: stops"));
    }
}
