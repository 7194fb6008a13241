package io.embedlake.spark.job;

import io.embedlake.config.DeviceChoice;
import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.spark.executor.TaskDevice;
import io.embedlake.spark.publish.Provenance;
import io.embedlake.spark.publish.TargetRules;
import io.embedlake.spark.publish.TargetShape;
import io.embedlake.spark.publish.TargetTable;
import io.embedlake.spark.run.JobContext;
import io.embedlake.spark.source.SourceRows;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Platforms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a job fits its tables and this cluster. Confined to the driver; writes nothing. */
record JobChecks(JobContext context, FittedModels models) {
    /** Everything that can be found wrong without looking at a row; the columns of the job, in its order. */
    List<JobColumn> requireFits(SourceRows source) {
        JobSpec job = context.job();
        TargetTable target = TargetTable.open(context.tables(), job.target().table());
        TargetShape shape = TargetShape.of(job);
        shape.requireFree(source.columns());
        target.requireIds(shape);
        target.requireCreatable(source.columns());
        TargetRules.require(context.tables(), job, source, target);
        List<JobColumn> columns = new ArrayList<>();
        for (int i = 0; i < job.embeddings().size(); i++) {
            EmbeddingSpec embedding =
                    JobColumn.embedding(job.embeddings().get(i), source.texts().get(i));
            EmbedderSpec open = models.describe(embedding);
            JobColumn.requireRead(embedding, source.texts().get(i), open);
            requireDevice(embedding, open);
            Optional<String> made = target.provenance(embedding.column()).map(Provenance::fingerprint);
            EmbedderSpec spec = new SettledSpec(
                            context.sparkContext(), embedding.compute().device())
                    .of(open, made, context.store()::has);
            target.requireFits(embedding, spec);
            columns.add(new JobColumn(embedding, source.texts().get(i), spec));
        }
        return columns;
    }

    /** On a cluster only the executors see their GPUs, and refuse there. */
    private void requireDevice(EmbeddingSpec embedding, EmbedderSpec spec) {
        boolean granted = context.sparkContext().getConf().contains("spark.task.resource.gpu.amount");
        if (embedding.compute().device() == DeviceChoice.GPU
                && !granted
                && context.sparkContext().isLocal()) {
            TaskDevice.of(
                    DeviceChoice.GPU,
                    List.of(),
                    () -> Platforms.named(spec.platform()).visibleGpus(),
                    0);
        }
    }
}
