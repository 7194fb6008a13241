package io.embedlake.spark.executor;

import io.embedlake.config.ComputeSpec;
import io.embedlake.pipeline.ReferenceVectorCheck;
import io.embedlake.spi.EmbedderSpec;
import java.io.Serializable;

/**
 * A model that was loaded on the driver, as executors load and run it. Immutable.
 *
 * @param spec what it is
 * @param loader loads it
 * @param gate what it has to pass there
 * @param compute how it is run there
 */
public record LoadedModel(EmbedderSpec spec, EmbedderLoader loader, ReferenceVectorCheck gate, ComputeSpec compute)
        implements Serializable {}
