package io.embedlake.spark.job;

import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.executor.Done;
import io.embedlake.spark.executor.ShippedModel;
import io.embedlake.spark.run.JobContext;
import io.embedlake.spark.store.Failures;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Sees to it that every text of a column has a vector or a rejection in the store. Confined to the driver; one run an instance.
 *
 * <p>Other jobs on the same store may embed or reject some of the texts meanwhile, or take them away again: the texts are counted again
 * where this run did not do all of what it had counted.
 */
final class ColumnEmbedding {
    private static final int MOST_PASSES = 3;

    private final JobContext context;
    private final Planner planner;
    private final ColumnModels models;
    private final WaveRunner waves;
    private final BatchWaves batches;
    private final Set<String> embeddedWith = new HashSet<>();

    ColumnEmbedding(JobContext context, Planner planner, ColumnModels models, WaveRunner waves, BatchWaves batches) {
        this.context = context;
        this.planner = planner;
        this.models = models;
        this.waves = waves;
        this.batches = batches;
    }

    /** The column with its model loaded, to find errors early; unchanged when there is nothing to embed. */
    PlannedColumn loaded(PlannedColumn planned) {
        if (hasNothingToDo(planned)) {
            return planned;
        }
        context.observer().phase("Loading " + planned.column().spec().label());
        return planned.with(models.loaded(planned.column()));
    }

    private boolean hasNothingToDo(PlannedColumn planned) {
        return planned.counts().toEmbed() == 0
                && !batches.areOpen(planned.column().spec());
    }

    /**
     * Embeds what is left of a column.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when embedded texts do not appear in the store
     */
    EmbeddedColumn embed(PlannedColumn planned) {
        if (hasNothingToDo(planned)) {
            return new EmbeddedColumn(planned, Done.NOTHING, planned.counts());
        }
        JobColumn column = planned.column();
        context.observer().phase("Embedding " + column.name());
        ShippedModel.offer(context.sparkContext(), column.spec());
        EmbeddedColumn embedded = pass(planned);
        for (int pass = 2; embedded.counts().toEmbed() > 0; pass++) {
            if (pass > MOST_PASSES) {
                throw new EmbedlakeException(
                        ErrorKind.STORAGE,
                        "Cannot embed the column " + column.name() + ": after " + MOST_PASSES + " passes "
                                + embedded.counts().toEmbed()
                                + " texts have neither a vector nor a rejection in the store "
                                + context.job().target().store()
                                + " (somebody removes them while the job runs). Stop that, and start the job again.");
            }
            EmbeddedColumn more = pass(new PlannedColumn(column, embedded.counts()));
            embedded = new EmbeddedColumn(planned, embedded.done().plus(more.done()), more.counts());
        }
        return embedded;
    }

    private EmbeddedColumn pass(PlannedColumn planned) {
        return Failures.on(
                "embed the texts", "Correct what it names and start the job again.", () -> passOnce(planned));
    }

    private EmbeddedColumn passOnce(PlannedColumn planned) {
        JobColumn column = planned.column();
        if (BatchWaves.areAskedFor(column.spec())) {
            // Batches of earlier runs may have other texts than this run counted.
            Done done = batches.run(planned, planner.toEmbed(column));
            WorkPlan.Counts now = planner.counts(column);
            return new EmbeddedColumn(planned, done.counted(planned.counts(), now), now);
        }
        Done done = waves.run(
                column,
                models.model(column),
                texts(planned),
                Planner.sizing(column.spec(), planned.counts(), context.job().waves(), context.slots()));
        WorkPlan.Counts expected = planned.counts().after(done.embedded(), done.rejected());
        return new EmbeddedColumn(planned, done, expected.toEmbed() == 0 ? expected : planner.counts(column));
    }

    /** What is left; a store that had none of it when it was counted is not queried again. */
    private Dataset<Row> texts(PlannedColumn planned) {
        JobColumn column = planned.column();
        boolean isFirst = embeddedWith.add(column.spec().fingerprint().hash());
        boolean storeHasNone =
                planned.counts().embedded() == 0 && planned.counts().rejected() == 0;
        return isFirst && storeHasNone ? planner.all(column) : planner.toEmbed(column);
    }
}
