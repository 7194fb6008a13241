package io.embedlake.spark.job;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.quantize.Quantizer;
import io.embedlake.spark.index.ColumnIndex;
import io.embedlake.spark.index.IndexedColumn;
import io.embedlake.spark.publish.Provenance;
import io.embedlake.spark.publish.TargetShape;
import io.embedlake.spark.publish.TargetTable;
import io.embedlake.spark.run.JobContext;
import io.embedlake.spark.source.Columns;
import io.embedlake.spark.store.Failures;
import io.embedlake.spi.EmbedderSpec;
import java.util.List;
import java.util.Optional;

/** The search indexes of a job's vector columns. Immutable; confined to the driver. */
public final class ColumnIndexes {
    private final JobContext context;
    private final ColumnReducers reducers;

    ColumnIndexes(JobContext context, ColumnReducers reducers) {
        this.context = context;
        this.reducers = reducers;
    }

    /** A column that a job has published, for its index. */
    public static IndexedColumn column(
            JobSpec job, EmbeddingSpec embedding, TargetTable target, Optional<Quantizer> quantizer) {
        Provenance made = target.provenance(embedding.column()).orElseThrow();
        return new IndexedColumn(
                target.table(),
                job.target().store(),
                embedding.column(),
                embedding.fullColumn().filter(name -> Columns.find(target.columns(), name)
                        .isPresent()),
                TargetShape.of(job).ids(),
                made.fingerprint(),
                made.reducer(),
                quantizer);
    }

    /**
     * Builds the indexes that the job asks for, or makes them follow the vectors that are published now.
     *
     * @param anew whether they are built anew
     */
    void follow(List<JobColumn> columns, Anew anew) {
        if (indexed().isEmpty()) {
            return;
        }
        TargetTable target = target();
        for (JobColumn column : columns) {
            EmbeddingSpec embedding = column.embedding();
            if (embedding.index().isPresent()
                    && target.provenance(embedding.column()).isPresent()) {
                Failures.on(
                        "build the search index of the column " + column.name(),
                        "All vectors are published: correct this and start the job again.",
                        () -> follow(index(embedding, target, quantizer(embedding, column.spec(), target)), anew));
            }
        }
    }

    private void follow(ColumnIndex index, Anew anew) {
        String name = context.run().text();
        if (anew == Anew.REDUCTIONS) {
            index.build(name, context.observer()::phase);
        } else {
            index.follow(name, context.observer()::phase);
        }
    }

    private List<EmbeddingSpec> indexed() {
        return context.job().embeddings().stream()
                .filter(embedding -> embedding.index().isPresent())
                .toList();
    }

    private TargetTable target() {
        return TargetTable.open(context.tables(), context.job().target().table());
    }

    private ColumnIndex index(EmbeddingSpec embedding, TargetTable target, Optional<Quantizer> quantizer) {
        return new ColumnIndex(
                context.tables(),
                column(context.job(), embedding, target, quantizer),
                embedding.index().orElseThrow().lists(),
                context.clock());
    }

    private Optional<Quantizer> quantizer(EmbeddingSpec embedding, EmbedderSpec spec, TargetTable target) {
        String made = target.provenance(embedding.column()).orElseThrow().reducer();
        return made.equals(embedding.reduce().label())
                ? Optional.empty()
                : reducers.named(embedding, spec, made).flatMap(Reduction::quantizer);
    }
}
