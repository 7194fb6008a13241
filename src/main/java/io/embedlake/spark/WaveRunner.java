package io.embedlake.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.length;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.embed.EmbedderSpec;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.pipeline.GoldenGate;
import io.embedlake.pipeline.WaveSizing;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.VectorStore;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/**
 * Embeds texts wave by wave and commits each to the store. Confined to the driver; there is one for a run, which counts the
 * waves of all columns on, because a commit is known by the run and the number of its wave.
 *
 * <p>The texts are shuffled once, into ranges of their content hash, so that the files of a wave are clustered for look-ups;
 * a wave runs over some of the shuffle's partitions and reads no text of the others. Within a partition texts are sorted by
 * length.
 */
final class WaveRunner {
    private final SparkSession spark;
    private final VectorStore store;
    private final RunId run;
    private final Clock clock;
    private final JobObserver observer;
    private final Spending spending;
    private final PaidTexts paid;
    private long waves;

    WaveRunner(SparkSession spark, VectorStore store, RunId run, Clock clock, Spending spending, JobObserver observer) {
        this.spark = spark;
        this.store = store;
        this.run = run;
        this.clock = clock;
        this.spending = spending;
        this.observer = observer;
        this.paid = new PaidTexts(spark, store, run, observer);
    }

    /** Commits what an interrupted run has paid for with this spec. */
    void recover(EmbedderSpec spec) {
        if (paid.recover(spec, waves + 1)) {
            waves++;
        }
    }

    /**
     * What was done.
     *
     * @param embedded texts that got a vector
     * @param rejected texts that got none
     * @param vectors the vectors of the embedded texts
     * @param truncated embedded texts that were cut
     * @param split embedded texts that were read in several pieces
     * @param tokens tokens of the embedded texts
     * @param unknown those of the tokens that the model does not know
     * @param time how long it took
     */
    record Done(
            long embedded,
            long rejected,
            long vectors,
            long truncated,
            long split,
            long tokens,
            long unknown,
            Duration time) {
        static final Done NOTHING = new Done(0, 0, 0, 0, 0, 0, 0, Duration.ZERO);

        /** The same for the texts of a column alone, by what was there before and is there now. */
        Done counted(WorkPlan.Counts before, WorkPlan.Counts now) {
            long ofColumn = now.embedded() - before.embedded();
            return new Done(
                    ofColumn, now.rejected() - before.rejected(), ofColumn, truncated, split, tokens, unknown, time);
        }
    }

    /**
     * Embeds all of the texts.
     *
     * @param loader loads the embedder
     * @param gate what an executor's model has to pass
     * @param texts {@code content_hash, text, row_id}, each hash once
     */
    Done run(
            EmbeddingSpec embedding,
            EmbedderSpec spec,
            EmbedderLoader loader,
            GoldenGate gate,
            Dataset<Row> texts,
            WaveSizing sizing) {
        EmbedCounters counters = EmbedCounters.register(spark.sparkContext());
        EmbedPartition embed = new EmbedPartition(spec, loader, embedding.compute(), gate, counters);
        ProgressListener running = new ProgressListener();
        spark.sparkContext().addSparkListener(running);
        Instant begin = clock.instant();
        try (ProgressTicker ticker = new ProgressTicker(() -> observer.progress(new Progress(
                embedding.column(),
                Math.min(
                        sizing.texts(),
                        counters.texts().value() + counters.rejected().value() + running.texts()),
                sizing.texts(),
                counters.tokens().value() + running.tokens(),
                Duration.between(begin, clock.instant()))))) {
            runWaves(shuffled(texts, sizing.partitions()), embed, counters, sizing, spec, loader);
        } finally {
            loader.allow(OptionalLong.empty());
            spark.sparkContext().removeSparkListener(running);
        }
        Done done = new Done(
                counters.texts().value(),
                counters.rejected().value(),
                counters.vectors().value(),
                counters.truncated().value(),
                counters.split().value(),
                counters.tokens().value(),
                counters.unknown().value(),
                Duration.between(begin, clock.instant()));
        observer.progress(new Progress(
                embedding.column(), done.embedded() + done.rejected(), sizing.texts(), done.tokens(), done.time()));
        return done;
    }

    private void runWaves(
            JavaRDD<Row> partitions,
            EmbedPartition embed,
            EmbedCounters counters,
            WaveSizing sizing,
            EmbedderSpec spec,
            EmbedderLoader loader) {
        int total = partitions.getNumPartitions();
        int size = sizing.firstWave();
        for (int from = 0; from < total; ) {
            int to = Math.min(total, from + size);
            long textsBefore = counters.texts().value() + counters.rejected().value();
            long tokensBefore = counters.tokens().value();
            Instant begin = clock.instant();
            spending.requireLeft(spec);
            loader.allow(spending.tokensLeft(spec));
            runWave(range(partitions, from, to), embed, counters, spec, ++waves);
            spending.spent(spec, counters.tokens().value() - tokensBefore);
            double seconds =
                    Math.max(0.001, Duration.between(begin, clock.instant()).toMillis() / 1000.0);
            size = sizing.nextWave(
                    (counters.texts().value() + counters.rejected().value() - textsBefore) / seconds);
            from = to;
        }
    }

    /** The outcomes are kept on disk for as long as it takes to write both tables, so that no text is embedded twice. */
    private void runWave(
            JavaRDD<Row> texts, EmbedPartition embed, EmbedCounters counters, EmbedderSpec spec, long wave) {
        long rejectedBefore = counters.rejected().value();
        JavaRDD<Row> outcomes =
                texts.mapPartitions(embed.keeping(paid.open(spec, wave))).persist(StorageLevel.DISK_ONLY());
        Dataset<Row> rows = spark.createDataFrame(outcomes, EmbedPartition.SCHEMA);
        try {
            Failures.on("embed the texts", "Correct what it names and start the job again.", () -> {
                store.append(rows.where(col("kind").isNull()), spec, run, wave);
                if (counters.rejected().value() > rejectedBefore) {
                    store.reject(rows.where(col("kind").isNotNull()), spec, run, wave);
                }
            });
            paid.committed(spec, wave);
        } finally {
            outcomes.unpersist(false);
        }
        counters.stops().value().stream().findFirst().ifPresent(stop -> {
            throw new EmbedlakeException(stop.kind(), stop.sentence());
        });
    }

    private static JavaRDD<Row> shuffled(Dataset<Row> texts, int partitions) {
        return texts.repartitionById(partitions, expr(HashSample.rangeExpression(partitions)))
                .sortWithinPartitions(length(col("text")).desc(), col(VectorStore.CONTENT_HASH))
                .select(VectorStore.CONTENT_HASH, "text", "row_id")
                .toJavaRDD();
    }

    private static JavaRDD<Row> range(JavaRDD<Row> partitions, int from, int to) {
        return new PartitionPruningRDD<>(
                        partitions.rdd(), new InRange(from, to), ClassTag$.MODULE$.<Row>apply(Row.class))
                .toJavaRDD();
    }

    /** Whether a partition's number is in a range. Immutable. */
    private static final class InRange extends AbstractFunction1<Object, Object> implements Serializable {
        private static final long serialVersionUID = 1L;

        private final int from;
        private final int to;

        InRange(int from, int to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public Object apply(Object partition) {
            int number = (Integer) partition;
            return number >= from && number < to;
        }
    }
}
