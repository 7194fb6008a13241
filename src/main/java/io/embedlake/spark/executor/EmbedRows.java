package io.embedlake.spark.executor;

import io.embedlake.config.ComputeSpec;
import io.embedlake.pipeline.EmbeddingPipeline;
import io.embedlake.pipeline.TextPipeline;
import io.embedlake.spi.Device;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Platforms;
import io.embedlake.text.Texts;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;
import scala.collection.mutable.ArraySeq;

/**
 * Adds a vector to each row of a partition: null where the text is null, blank or can never be embedded; any other fault fails the task.
 * Rows without a text may go before others. Immutable; runs on executors.
 */
public final class EmbedRows implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private final EmbedderSpec spec;
    private final EmbedderLoader loader;
    private final ComputeSpec compute;
    private final int text;

    /** @param text the number of the column of texts, from 0 */
    public EmbedRows(EmbedderSpec spec, EmbedderLoader loader, ComputeSpec compute, int text) {
        this.spec = spec;
        this.loader = loader;
        this.compute = compute;
        this.text = text;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) {
            return rows;
        }
        TaskContext task = TaskContext.get();
        Device device = TaskDevice.of(
                compute.device(), task, () -> Platforms.named(spec.platform()).visibleGpus());
        EmbedderPool.Lease lease =
                EmbedderPool.ofJvm().lease(ShippedModel.localise(spec), device, loader, embedder -> {});
        task.addTaskCompletionListener((TaskCompletionListener) context -> lease.close());
        TextPipeline pipeline = TextPipeline.of(
                lease.embedder(), lease.batchSize(compute.batchTokens()), TaskDevice.threads(device, task.cpus()));
        task.addTaskCompletionListener((TaskCompletionListener) context -> pipeline.close());
        return new WithVectors(rows, pipeline);
    }

    private final class WithVectors implements Iterator<Row> {
        private final Deque<Row> blank = new ArrayDeque<>();
        private final TextPipeline pipeline;
        private final Iterator<EmbeddingPipeline.Result<Row>> results;

        WithVectors(Iterator<Row> rows, TextPipeline pipeline) {
            this.pipeline = pipeline;
            this.results = pipeline.run(new Items(rows, blank));
        }

        @Override
        public boolean hasNext() {
            if (!blank.isEmpty() || results.hasNext() || !blank.isEmpty()) {
                return true;
            }
            pipeline.stopped().ifPresent(why -> {
                throw why;
            });
            return false;
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (!blank.isEmpty()) {
                return with(blank.removeFirst(), null);
            }
            EmbeddingPipeline.Result<Row> result = results.next();
            return with(result.key(), vector(result.outcome()));
        }

        private Object vector(Outcome outcome) {
            if (outcome instanceof Outcome.Embedded embedded) {
                return new ArraySeq.ofFloat(embedded.vector());
            }
            Outcome.Refused refused = (Outcome.Refused) outcome;
            if (refused.kind() == ErrorKind.INVALID_INPUT || refused.kind() == ErrorKind.PROTOCOL) {
                return null;
            }
            throw pipeline.stopped()
                    .orElseGet(() -> new EmbedlakeException(
                            refused.kind(),
                            "Cannot embed a text with " + spec.label() + " (" + refused.reason()
                                    + "). Run the query again when that has passed."));
        }

        private static Row with(Row row, Object vector) {
            Object[] values = new Object[row.length() + 1];
            for (int i = 0; i < row.length(); i++) {
                values[i] = row.get(i);
            }
            values[row.length()] = vector;
            return RowFactory.create(values);
        }
    }

    /** The rows that have a text; the others are put aside. */
    private final class Items implements Iterator<EmbeddingPipeline.Item<Row>> {
        private final Iterator<Row> rows;
        private final Deque<Row> blank;
        private Optional<Row> next = Optional.empty();

        Items(Iterator<Row> rows, Deque<Row> blank) {
            this.rows = rows;
            this.blank = blank;
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && rows.hasNext()) {
                Row row = rows.next();
                if (row.isNullAt(text) || Texts.isBlank(row.getString(text))) {
                    blank.add(row);
                } else {
                    next = Optional.of(row);
                }
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
            return new EmbeddingPipeline.Item<>(row, row.getString(text));
        }
    }
}
