package io.embedlake.spark.executor;

import io.embedlake.config.ComputeSpec;
import io.embedlake.pipeline.EmbeddingPipeline;
import io.embedlake.pipeline.TextPipeline;
import io.embedlake.spark.spool.PaidText;
import io.embedlake.spark.spool.WaveLog;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Platforms;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Embeds the texts of a partition: the only place where Spark meets the engine. Immutable; runs on executors.
 *
 * <p>Takes rows of {@code content_hash, text, row_id}, sorted by length, and returns those of {@link WaveOutcomes#SCHEMA}.
 */
public final class EmbedPartition implements FlatMapFunction<Iterator<Row>, Row> {
    private static final long serialVersionUID = 1L;

    private final LoadedModel model;
    private final ComputeSpec compute;
    private final EmbedCounters counters;
    private final WaveLog log;

    public EmbedPartition(LoadedModel model, ComputeSpec compute, EmbedCounters counters, WaveLog log) {
        this.model = model;
        this.compute = compute;
        this.counters = counters;
        this.log = log;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) {
            return rows;
        }
        TaskContext task = TaskContext.get();
        EmbedderSpec here = ShippedModel.localise(model.spec());
        Device device = device(task);
        EmbedderPool.Lease lease = EmbedderPool.ofJvm().lease(here, device, model.loader(), this::check);
        task.addTaskCompletionListener((TaskCompletionListener) context -> lease.close());
        TextPipeline pipeline = TextPipeline.of(
                lease.embedder(), lease.batchSize(compute.batchTokens()), TaskDevice.threads(device, task.cpus()));
        task.addTaskCompletionListener((TaskCompletionListener) context -> pipeline.close());
        // Kept texts are written before the calls that are still under way are given up.
        WaveLog.Attempt attempt = log.attempt(task.partitionId());
        task.addTaskCompletionListener((TaskCompletionListener) context -> attempt.close());
        return new Rows(pipeline.run(new TextsOf(rows, attempt)), pipeline, attempt);
    }

    /** The rows of what was paid for earlier, then of results; texts that were not embedded because the job stops have none: they are neither embedded nor rejected. */
    private final class Rows implements Iterator<Row> {
        private final Iterator<EmbeddingPipeline.Result<Row>> results;
        private final TextPipeline pipeline;
        private final WaveLog.Attempt attempt;
        private final Iterator<PaidText> earlier;
        private Optional<Row> next = Optional.empty();
        private boolean isOver;

        Rows(Iterator<EmbeddingPipeline.Result<Row>> results, TextPipeline pipeline, WaveLog.Attempt attempt) {
            this.results = results;
            this.pipeline = pipeline;
            this.attempt = attempt;
            this.earlier = attempt.earlier();
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && !isOver) {
                if (earlier.hasNext()) {
                    PaidText text = earlier.next();
                    next = Optional.of(row(text.hash(), "", 0, text.outcome()));
                } else if (results.hasNext()) {
                    EmbeddingPipeline.Result<Row> result = results.next();
                    if (result.outcome() instanceof Outcome.Embedded embedded) {
                        attempt.keep(PaidText.of(result.key().getString(0), embedded));
                    }
                    next = isUndone(result.outcome())
                            ? Optional.empty()
                            : Optional.of(row(result.key(), result.outcome()));
                } else {
                    isOver = true;
                    attempt.flush();
                    next = pipeline.stopped().map(WaveOutcomes::stop);
                }
            }
            return next.isPresent();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Row row = next.orElseThrow();
            next = Optional.empty();
            return row;
        }

        private static boolean isUndone(Outcome outcome) {
            return outcome instanceof Outcome.Refused refused && refused.kind() == ErrorKind.EXHAUSTED;
        }
    }

    private void check(Embedder embedder) {
        model.gate()
                .check(
                        embedder,
                        "executor " + SparkEnv.get().executorId() + " on "
                                + SparkEnv.get().blockManager().blockManagerId().host());
    }

    private Device device(TaskContext task) {
        return TaskDevice.of(
                compute.device(), task, () -> Platforms.named(model.spec().platform())
                        .visibleGpus());
    }

    private Row row(Row text, Outcome outcome) {
        String hash = text.getString(0);
        String rowId = text.getString(2);
        int characters = text.getString(1).length();
        if (outcome instanceof Outcome.Embedded embedded) {
            return row(hash, rowId, characters, embedded);
        }
        Outcome.Refused refused = (Outcome.Refused) outcome;
        counters.rejected().add(1);
        return WaveOutcomes.rejected(hash, rowId, characters, refused);
    }

    private Row row(String hash, String rowId, int characters, Outcome.Embedded embedded) {
        counters.texts().add(1);
        counters.tokens().add(embedded.tokens());
        return WaveOutcomes.embedded(hash, rowId, characters, embedded);
    }

    /** The rows without paid vectors as items, each its own key. */
    private static final class TextsOf implements Iterator<EmbeddingPipeline.Item<Row>> {
        private final Iterator<Row> rows;
        private final WaveLog.Attempt attempt;
        private Optional<Row> next = Optional.empty();

        TextsOf(Iterator<Row> rows, WaveLog.Attempt attempt) {
            this.rows = rows;
            this.attempt = attempt;
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && rows.hasNext()) {
                next = Optional.of(rows.next()).filter(row -> !attempt.has(row.getString(0)));
            }
            return next.isPresent();
        }

        @Override
        public EmbeddingPipeline.Item<Row> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Row row = next.orElseThrow();
            next = Optional.empty();
            return new EmbeddingPipeline.Item<>(row, row.getString(1));
        }
    }
}
