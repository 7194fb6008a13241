package io.embedlake.spark.job;

import io.embedlake.config.ReduceSpec;
import io.embedlake.pipeline.ReferenceVectorCheck;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spark.executor.EmbedderLoader;
import io.embedlake.spark.executor.EmbedderPool;
import io.embedlake.spark.executor.LoadedModel;
import io.embedlake.spark.limit.LimitRoutes;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Loads the models of a job's columns on the driver. Confined to it. */
final class ColumnModels {
    private final VectorStore store;
    private final LimitRoutes limits;
    private final boolean isLocal;
    private final Map<String, ReferenceVectorCheck> gates = new HashMap<>();

    /** @param isLocal whether this JVM embeds */
    ColumnModels(VectorStore store, LimitRoutes limits, boolean isLocal) {
        this.isLocal = isLocal;
        this.store = store;
        this.limits = limits;
    }

    /**
     * Loads the model here before any executor does, so that a damaged one, or a wrong key of a provider, stops the job before any work.
     * From then on the dimension of a provider's vectors is known. Where executors embed, the model does not stay loaded here, and one with
     * vectors in the store, which has worked before and whose dimension they tell, is not loaded at all.
     */
    JobColumn loaded(JobColumn column) {
        boolean mayBeKnown = !isLocal
                && ProviderPlatform.of(column.spec()).isEmpty()
                && !column.embedding().compute().checkExecutors();
        OptionalInt known = mayBeKnown ? store.dimension(column.spec()) : OptionalInt.empty();
        int dimension = known.isPresent() ? known.getAsInt() : load(column);
        ReduceSpec reduce = column.embedding().reduce();
        boolean isFixed = reduce.method() != ReduceSpec.Method.NONE && !reduce.isSpread();
        if (isFixed && reduce.dimensions() > dimension) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot reduce the column " + column.embedding().column() + " to " + reduce.dimensions()
                            + " dimensions: " + column.spec().label() + " makes vectors of " + dimension
                            + " (a reduction makes them no longer). Set reduce.dimensions to at most " + dimension
                            + ", or reduce.method to none.");
        }
        if (ProviderPlatform.of(column.spec()).isEmpty()) {
            return column;
        }
        store.dimension(column.spec()).ifPresent(before -> requireSame(column, before, dimension));
        return column.with(column.spec().ofDimension(dimension));
    }

    private int load(JobColumn column) {
        try (EmbedderPool.Lease lease = lease(column)) {
            gates.put(column.name(), gate(column, lease.embedder()));
            return lease.embedder().dimension();
        } finally {
            if (!isLocal) {
                EmbedderPool.ofJvm().closeIdle();
            }
        }
    }

    private static void requireSame(JobColumn column, int before, int now) {
        if (before != now) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed the column " + column.embedding().column() + " with "
                            + column.spec().label() + ": its vectors have " + now + " values, those in the store "
                            + before
                            + " (one model makes vectors of one length; another one answers now). Check endpoint and model, or set"
                            + " dimensions.");
        }
    }

    private EmbedderPool.Lease lease(JobColumn column) {
        return EmbedderPool.ofJvm().lease(column.spec(), Device.CPU, loader(column), embedder -> {});
    }

    private EmbedderLoader loader(JobColumn column) {
        return EmbedderLoader.of(column.spec(), limits);
    }

    /** The model of a {@link #loaded} column, for other JVMs. */
    LoadedModel model(JobColumn column) {
        return new LoadedModel(
                column.spec(),
                loader(column),
                gates.getOrDefault(column.name(), ReferenceVectorCheck.OPEN),
                column.embedding().compute());
    }

    /** What executors have to pass when the job asks for it: the vectors of the model that was loaded here before any work. */
    private static ReferenceVectorCheck gate(JobColumn column, Embedder embedder) {
        return column.embedding().compute().checkExecutors()
                ? ReferenceVectorCheck.of(column.spec().label(), embedder)
                : ReferenceVectorCheck.OPEN;
    }
}
