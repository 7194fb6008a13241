package io.embedlake.spark.executor;

import io.embedlake.config.ComputeSpec;
import io.embedlake.pipeline.EmbeddingPipeline.Item;
import io.embedlake.pipeline.EmbeddingPipeline.Result;
import io.embedlake.pipeline.TextPipeline;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Platforms;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Embeds the texts of a partition: the only place where Spark meets the engine. Immutable; runs on executors.
 *
 * <p>The end of the task closes what it opened in reverse order: what the subclass opened, the pipeline, the lease of the embedder.
 */
abstract class EmbedTexts implements Serializable {
    private static final long serialVersionUID = 1L;

    private final LoadedModel model;
    private final ComputeSpec compute;
    private final int text;

    /** @param text the number of the column of texts, from 0 */
    EmbedTexts(LoadedModel model, ComputeSpec compute, int text) {
        this.model = model;
        this.compute = compute;
        this.text = text;
    }

    /** What a task makes of rows and outcomes. Confined to the task's thread. */
    interface Stage {
        /** Whether the row's text is to be embedded. */
        boolean takes(Row row);

        /** A row to return that needs no embedding, if there is one now. */
        Optional<Row> ready();

        /** The row to return for an outcome, if any. */
        Optional<Row> row(Row row, Outcome outcome);

        /** The rows to return after all others; asked for once. */
        List<Row> end();
    }

    /** The stage of a task; what it opens, the end of the task closes. */
    abstract Stage open(TaskContext task, Embedder embedder, TextPipeline pipeline);

    final String label() {
        return model.spec().label();
    }

    public final Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) {
            return rows;
        }
        TaskContext task = TaskContext.get();
        EmbedderSpec here = ShippedModel.localise(model.spec());
        Device device = TaskDevice.of(
                compute.device(), task, () -> Platforms.named(here.platform()).visibleGpus());
        EmbedderPool.Lease lease = EmbedderPool.ofJvm().lease(here, device, model.loader(), this::check);
        closeAtEnd(task, lease::close);
        TextPipeline pipeline = TextPipeline.of(
                lease.embedder(), lease.batchSize(compute.batchTokens()), TaskDevice.threads(device, task.cpus()));
        closeAtEnd(task, pipeline::close);
        Stage stage = open(task, lease.embedder(), pipeline);
        return new Rows(stage, pipeline.run(items(rows, stage)));
    }

    static void closeAtEnd(TaskContext task, Runnable close) {
        task.addTaskCompletionListener((TaskCompletionListener) context -> close.run());
    }

    private void check(Embedder embedder) {
        SparkEnv executor = SparkEnv.get();
        model.gate()
                .check(
                        embedder,
                        "executor " + executor.executorId() + " on "
                                + executor.blockManager().blockManagerId().host());
    }

    /** The rows whose texts are to be embedded as items, each its own key; rows are read one by one, as items are asked for. */
    private Iterator<Item<Row>> items(Iterator<Row> rows, Stage stage) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
                .filter(stage::takes)
                .map(row -> new Item<>(row, row.getString(text)))
                .iterator();
    }

    private static final class Rows implements Iterator<Row> {
        private final Stage stage;
        private final Iterator<Result<Row>> results;
        private Optional<Row> next = Optional.empty();
        private Optional<Iterator<Row>> last = Optional.empty();

        Rows(Stage stage, Iterator<Result<Row>> results) {
            this.stage = stage;
            this.results = results;
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && last.isEmpty()) {
                // Asked first: it reads rows, of which some are ready then.
                boolean hasResult = results.hasNext();
                next = stage.ready();
                if (next.isEmpty() && hasResult) {
                    Result<Row> result = results.next();
                    next = stage.row(result.key(), result.outcome());
                } else if (next.isEmpty()) {
                    last = Optional.of(stage.end().iterator());
                }
            }
            if (next.isEmpty() && last.orElseThrow().hasNext()) {
                next = Optional.of(last.get().next());
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
    }
}
