package io.embedlake.spark;

import io.embedlake.config.DeviceChoice;
import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.embed.EmbedderSpec;
import io.embedlake.embed.Platforms;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;

/** Whether a job fits its tables and this cluster. Confined to the driver; writes nothing. */
final class JobChecks {
    private final SparkContext context;
    private final Tables tables;
    private final JobSpec job;
    private final VectorStore store;
    private final FittedModels models;

    JobChecks(Tables tables, JobSpec job, VectorStore store, FittedModels models) {
        this.context = tables.spark().sparkContext();
        this.tables = tables;
        this.job = job;
        this.store = store;
        this.models = models;
    }

    /** Everything that can be found wrong without looking at a row; the embedders of the job, one for each embedding. */
    List<EmbedderSpec> requireFits(SourceRows source) {
        TargetTable target = TargetTable.open(tables, job.target().table());
        TargetShape shape = TargetShape.of(job);
        shape.requireFree(source.columns());
        target.requireIds(shape);
        target.requireCreatable(source.columns());
        List<EmbedderSpec> specs = new ArrayList<>();
        for (EmbeddingSpec embedding : job.embeddings()) {
            EmbedderSpec open = models.describe(embedding);
            requireDevice(embedding, open);
            Optional<String> made = target.provenance(embedding.column()).map(Provenance::fingerprint);
            EmbedderSpec spec = new SettledSpec(context, embedding.compute().device()).of(open, made, store::has);
            target.requireFits(embedding, spec);
            specs.add(spec);
        }
        return specs;
    }

    /** On a cluster only the executors know their GPUs, and refuse there. */
    private void requireDevice(EmbeddingSpec embedding, EmbedderSpec spec) {
        boolean granted = context.getConf().contains("spark.task.resource.gpu.amount");
        if (embedding.compute().device() == DeviceChoice.GPU && !granted && context.isLocal()) {
            TaskDevice.of(
                    DeviceChoice.GPU,
                    List.of(),
                    () -> Platforms.named(spec.platform()).visibleGpus(),
                    0);
        }
    }
}
