package io.embedlake.spark.executor;

import io.embedlake.pipeline.TextPipeline;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import java.io.Serializable;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;

/**
 * Embeds the texts of a query's partition and returns every row in its order. A fault that is not a text's own fails the task. Immutable;
 * runs on executors.
 *
 * @param <R> a row
 */
public final class EmbedEveryRow<R> extends EmbedTexts<R> {
    private static final long serialVersionUID = 1L;

    private final Form<R> form;
    private final int wanted;

    /**
     * Embeds for a query; a table of few partitions gets all cores of a single machine.
     *
     * @param wanted how many rows the query probably takes of each partition; all when 0
     */
    public EmbedEveryRow(SparkContext context, LoadedModel model, Form<R> form, int wanted) {
        super(model, context.isLocal() ? context.defaultParallelism() : 0);
        this.form = form;
        this.wanted = wanted;
    }

    /**
     * Rows of queries. Immutable; travels to executors.
     *
     * @param <R> a row, which must not change after it was read
     */
    public interface Form<R> extends Serializable {
        /** The row's text or image; empty when it is null or blank. */
        Optional<Input> input(R row);

        /** The row to return. */
        R with(R row, Outcome outcome);

        /** The row to return for an input that is null or blank. */
        R without(R row);
    }

    @Override
    Stage<R> open(TaskContext task, Embedder embedder, TextPipeline pipeline) {
        return new EveryRow<>(form, label(), pipeline, wanted == 0 ? OptionalInt.empty() : OptionalInt.of(wanted));
    }
}
