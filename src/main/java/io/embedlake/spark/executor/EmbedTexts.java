package io.embedlake.spark.executor;

import io.embedlake.pipeline.EmbeddingPipeline.Item;
import io.embedlake.pipeline.EmbeddingPipeline.Result;
import io.embedlake.pipeline.TextPipeline;
import io.embedlake.spark.metrics.ExecutorTotals;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import java.io.Serializable;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Embeds the texts of a partition: the only place where Spark meets the engine. Immutable; runs on executors.
 *
 * @param <R> a row
 *
 * <p>The end of the task finishes its texts and closes what it opened in reverse order: what the subclass opened, the pipeline, the lease of the embedder.
 */
abstract class EmbedTexts<R> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final LoadedModel model;
    private final int cores;

    /** @param cores of a machine that runs all tasks of the stage; else 0 */
    EmbedTexts(LoadedModel model, int cores) {
        this.model = model;
        this.cores = cores;
    }

    /**
     * What a task makes of rows and outcomes. Confined to the task's thread.
     *
     * @param <R> a row
     */
    interface Stage<R> {
        /** The row's text or image, if it is to be embedded. */
        Optional<Input> input(R row);

        /** Whether no more rows should be read before those are returned that were. */
        default boolean isFull() {
            return false;
        }

        /** All rows that were read are returned, and more are read now. */
        default void goOn() {}

        /** A row to return that needs no embedding, if there is one now. */
        Optional<R> ready();

        /** The row to return for an outcome, if any. */
        Optional<R> row(R row, Outcome outcome);

        /** The rows to return after all others; asked for once. */
        List<R> end();

        /** How long a task that ends early waits for outcomes that are under way; it gives their rows to nobody. */
        default Duration patience() {
            return Duration.ZERO;
        }
    }

    /** The stage of a task; what it opens, the end of the task closes. */
    abstract Stage<R> open(TaskContext task, Embedder embedder, TextPipeline pipeline);

    final String label() {
        return model.spec().label();
    }

    public final Iterator<R> call(Iterator<R> rows) {
        if (!rows.hasNext()) {
            return rows;
        }
        TaskContext task = TaskContext.get();
        ModelLease lease = ModelLease.of(model, task, cores);
        closeAtEnd(task, lease::close);
        TextPipeline pipeline = lease.pipeline();
        closeAtEnd(task, pipeline::close);
        Rows<R> all = new Rows<>(rows, pipeline, open(task, lease.embedder(), pipeline));
        closeAtEnd(task, all::finish);
        return all;
    }

    static void closeAtEnd(TaskContext task, Runnable close) {
        task.addTaskCompletionListener((TaskCompletionListener) context -> close.run());
    }

    /** The rows whose texts are to be embedded as items, each its own key; rows are read one by one, as items are asked for. */
    private static final class Items<R> implements Iterator<Item<R>> {
        private final Iterator<R> rows;
        private final Stage<R> stage;
        private Optional<Item<R>> next = Optional.empty();

        Items(Iterator<R> rows, Stage<R> stage) {
            this.rows = rows;
            this.stage = stage;
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && !stage.isFull() && rows.hasNext()) {
                R row = rows.next();
                next = stage.input(row).map(input -> new Item<>(row, input));
            }
            return next.isPresent();
        }

        @Override
        public Item<R> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Item<R> item = next.orElseThrow();
            next = Optional.empty();
            return item;
        }
    }

    private static final class Rows<R> implements Iterator<R> {
        private final Iterator<R> rows;
        private final TextPipeline pipeline;
        private final Stage<R> stage;
        private Iterator<Result<R>> results;
        private Optional<R> next = Optional.empty();
        private Optional<Iterator<R>> last = Optional.empty();

        Rows(Iterator<R> rows, TextPipeline pipeline, Stage<R> stage) {
            this.rows = rows;
            this.pipeline = pipeline;
            this.stage = stage;
            this.results = pipeline.run(new Items<>(rows, stage));
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && last.isEmpty()) {
                // Asked first: it reads rows, of which some are ready then.
                boolean hasResult = results.hasNext();
                next = stage.ready();
                if (next.isEmpty() && hasResult) {
                    next = take();
                } else if (next.isEmpty()) {
                    goOn();
                }
            }
            if (next.isEmpty() && last.orElseThrow().hasNext()) {
                next = Optional.of(last.get().next());
            }
            return next.isPresent();
        }

        /** The input has ended, or only paused because the stage was full. */
        private void goOn() {
            if (pipeline.stopped().isEmpty() && rows.hasNext()) {
                stage.goOn();
                results = pipeline.run(new Items<>(rows, stage));
            } else {
                last = Optional.of(stage.end().iterator());
            }
        }

        /** A task that fails or is stopped has asked for outcomes that it never took. */
        void finish() {
            Duration patience = stage.patience();
            if (last.isPresent() || patience.isZero()) {
                return;
            }
            boolean isInterrupted = Thread.interrupted();
            try {
                pipeline.finish(patience);
                while (results.hasNext()) {
                    take();
                }
            } finally {
                if (isInterrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private Optional<R> take() {
            Result<R> result = results.next();
            ExecutorTotals.count(result.outcome());
            return stage.row(result.key(), result.outcome());
        }

        @Override
        public R next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            R row = next.orElseThrow();
            next = Optional.empty();
            return row;
        }
    }
}
