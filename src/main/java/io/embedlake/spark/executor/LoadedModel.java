package io.embedlake.spark.executor;

import io.embedlake.pipeline.ReferenceVectorCheck;
import io.embedlake.spi.EmbedderSpec;
import java.io.Serializable;

/**
 * A model that was loaded on the driver, as executors load it. Immutable.
 *
 * @param spec what it is
 * @param loader loads it
 * @param gate what it has to pass there
 */
public record LoadedModel(EmbedderSpec spec, EmbedderLoader loader, ReferenceVectorCheck gate)
        implements Serializable {}
