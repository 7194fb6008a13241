package io.embedlake.spark.executor;

import io.embedlake.pipeline.TextPipeline;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Platforms;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/** A model on the machine and device where its task runs, leased until it is closed. Confined to the task's thread. */
final class ModelLease implements AutoCloseable {
    private final EmbedderPool.Lease lease;
    private final LoadedModel model;
    private final int threads;

    private ModelLease(EmbedderPool.Lease lease, LoadedModel model, int threads) {
        this.lease = lease;
        this.model = model;
        this.threads = threads;
    }

    /**
     * Leases it.
     *
     * @param task null on the driver
     * @param cores of a machine that runs all tasks of the stage; else 0
     */
    static ModelLease of(LoadedModel model, TaskContext task, int cores) {
        EmbedderSpec here = ShippedModel.localise(model.spec());
        Device device = TaskDevice.of(model.compute().device(), task, () -> Platforms.named(here.platform())
                .visibleGpus());
        EmbedderPool.Lease lease =
                EmbedderPool.ofJvm().lease(here, device, model.loader(), embedder -> check(model, embedder));
        return new ModelLease(lease, model, task == null ? 1 : TaskDevice.threads(device, task, cores));
    }

    private static void check(LoadedModel model, Embedder embedder) {
        SparkEnv executor = SparkEnv.get();
        model.gate()
                .check(
                        embedder,
                        "executor " + executor.executorId() + " on "
                                + executor.blockManager().blockManagerId().host());
    }

    Embedder embedder() {
        return lease.embedder();
    }

    /** A new pipeline, which the caller closes first. */
    TextPipeline pipeline() {
        return TextPipeline.of(lease.embedder(), lease.batchSize(model.compute().batchTokens()), threads);
    }

    @Override
    public void close() {
        lease.close();
    }
}
