package io.embedlake.spark.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.embedlake.pipeline.WaveSizing;
import io.embedlake.remote.limit.Traffic;
import io.embedlake.spark.executor.Done;
import io.embedlake.spark.executor.EmbedCounters;
import io.embedlake.spark.executor.EmbedPartition;
import io.embedlake.spark.executor.LoadedModel;
import io.embedlake.spark.executor.PaidTexts;
import io.embedlake.spark.executor.WaveOutcomes;
import io.embedlake.spark.run.CommittedWave;
import io.embedlake.spark.run.JobContext;
import io.embedlake.spark.run.Progress;
import io.embedlake.spark.source.SourceText;
import io.embedlake.spark.sql.PartitionNumbers;
import io.embedlake.spark.store.HashSample;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedderSpec;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/**
 * Embeds texts wave by wave and commits each to the store. Confined to the driver; there is one for a run, which counts the
 * waves of all columns on, because a commit is identified by the run and the number of its wave, and closes it after the last of its tasks.
 *
 * <p>The texts are shuffled once, into ranges of their content hash, so that the files of a wave are clustered for look-ups;
 * a wave runs over some of the shuffle's partitions and reads no text of the others. Within a partition texts are sorted by
 * length.
 */
final class WaveRunner implements AutoCloseable {
    private final JobContext context;
    private final Spending spending;
    private final Supplier<Traffic> traffic;
    private final PaidTexts paid;
    private long waves;

    /** @param traffic what the run has sent to providers so far */
    WaveRunner(JobContext context, Spending spending, Supplier<Traffic> traffic) {
        this.context = context;
        this.spending = spending;
        this.traffic = traffic;
        this.paid = new PaidTexts(context.spark(), context.store(), context.run(), context.clock(), context.observer());
    }

    /** Commits what an interrupted run has paid for with this spec. */
    void recover(EmbedderSpec spec) {
        if (paid.recover(spec, waves + 1)) {
            waves++;
        }
    }

    /**
     * Embeds texts.
     *
     * @param column whose they are
     * @param texts {@code content_hash, text, row_id, size}, each hash once, but for large inputs
     * @param sizing how many there are, and how they are cut into waves
     * @return what is in the store now
     */
    Done run(JobColumn column, LoadedModel model, Dataset<Row> texts, WaveSizing sizing) {
        EmbedCounters counters = EmbedCounters.register(context.sparkContext());
        ProgressListener running = new ProgressListener(counters);
        context.sparkContext().addSparkListener(running);
        Instant begin = context.clock().instant();
        Done done;
        try (ProgressTicker ticker = new ProgressTicker(() -> context.observer()
                .progress(new Progress(
                        column.name(),
                        column.spec().inputs(),
                        Math.min(
                                sizing.texts(),
                                counters.texts().value() + counters.rejected().value() + running.texts()),
                        sizing.texts(),
                        counters.tokens().value() + running.tokens(),
                        Duration.between(begin, context.clock().instant()))))) {
            done = new ColumnWaves(column, model, counters, shuffled(column, texts, sizing.partitions())).run(sizing);
            paid.close();
        } finally {
            model.loader().allow(OptionalLong.empty());
            context.sparkContext().removeSparkListener(running);
        }
        Done all = done.in(Duration.between(begin, context.clock().instant()));
        context.observer()
                .progress(new Progress(
                        column.name(), column.spec().inputs(), all.texts(), sizing.texts(), all.tokens(), all.time()));
        return all;
    }

    /** No task of it keeps anything any more: what is left is for the next run. */
    @Override
    public void close() {
        paid.close();
    }

    /** The waves of one column. */
    private final class ColumnWaves {
        private final JobColumn column;
        private final LoadedModel model;
        private final EmbedCounters counters;
        private final JavaRDD<Row> partitions;

        ColumnWaves(JobColumn column, LoadedModel model, EmbedCounters counters, JavaRDD<Row> partitions) {
            this.column = column;
            this.model = model;
            this.counters = counters;
            this.partitions = partitions;
        }

        Done run(WaveSizing sizing) {
            EmbedderSpec spec = model.spec();
            Done all = Done.NOTHING;
            int total = partitions.getNumPartitions();
            int size = sizing.firstWave();
            for (int from = 0; from < total; ) {
                int to = Math.min(total, from + size);
                Instant begin = context.clock().instant();
                spending.requireLeft(spec);
                model.loader().allow(spending.tokensLeft(spec));
                Done done = run(range(partitions, from, to), ++waves);
                spending.spent(spec, done.tokens());
                double seconds = Math.max(
                        0.001,
                        Duration.between(begin, context.clock().instant()).toMillis() / 1000.0);
                size = sizing.nextWave(done.texts() / seconds);
                from = to;
                all = all.plus(done);
            }
            return all;
        }

        /** The outcomes are kept on disk for as long as it takes to write both tables, so that no text is embedded twice. */
        private Done run(JavaRDD<Row> texts, long wave) {
            EmbedderSpec spec = model.spec();
            Instant begin = context.clock().instant();
            Traffic before = traffic.get();
            EmbedPartition embed = new EmbedPartition(model, column.text().form(), counters, paid.open(spec, wave));
            JavaRDD<Row> rows = texts.mapPartitions(embed).persist(StorageLevel.DISK_ONLY());
            try {
                WaveOutcomes outcomes = commit(rows, wave);
                paid.committed(spec, wave);
                context.observer().committed(told(outcomes, wave, traffic.get().since(before), begin));
                outcomes.stop().ifPresent(why -> {
                    throw why;
                });
                return outcomes.done();
            } finally {
                rows.unpersist(false);
            }
        }

        private CommittedWave told(WaveOutcomes outcomes, long wave, Traffic sent, Instant begin) {
            Done done = outcomes.done();
            return new CommittedWave(
                    context.run().text(),
                    column.name(),
                    model.spec().inputs(),
                    wave,
                    done.embedded(),
                    done.rejected(),
                    done.tokens(),
                    done.truncated(),
                    outcomes.lengths(),
                    Spending.charge(model.spec()).of(done.tokens()),
                    sent.calls(),
                    sent.paused(),
                    Duration.between(begin, context.clock().instant()));
        }

        private WaveOutcomes commit(JavaRDD<Row> rows, long wave) {
            WaveOutcomes outcomes = WaveOutcomes.of(rows);
            Dataset<Row> table = WaveOutcomes.table(context.spark(), rows);
            if (outcomes.done().embedded() > 0) {
                context.store().append(table.where(WaveOutcomes.areEmbedded()), model.spec(), context.run(), wave);
            }
            if (outcomes.done().rejected() > 0) {
                context.store().reject(table.where(WaveOutcomes.areRejected()), model.spec(), context.run(), wave);
            }
            return outcomes;
        }
    }

    /** Large inputs that are the same meet only here, one behind the other. */
    private static JavaRDD<Row> shuffled(JobColumn column, Dataset<Row> texts, int partitions) {
        JavaRDD<Row> rows = PartitionNumbers.repartition(
                        texts, partitions, expr(HashSample.rangeExpression(partitions)))
                .sortWithinPartitions(col(SourceText.SIZE).desc(), col(VectorStore.CONTENT_HASH))
                .select(VectorStore.CONTENT_HASH, SourceText.TEXT, SourceText.ROW_ID, SourceText.SIZE)
                .toJavaRDD();
        return column.text().isLarge() ? rows.mapPartitions(new DropRepeats(1)) : rows;
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
