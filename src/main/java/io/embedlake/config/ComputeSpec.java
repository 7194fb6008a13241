package io.embedlake.config;

import java.util.Objects;

/**
 * How a model is run; changes no vector. Immutable.
 *
 * @param device where
 * @param batchTokens how many tokens, padding included, go through the model at once
 * @param checkExecutors whether every executor compares its vectors with the driver's before it embeds a row
 */
public record ComputeSpec(DeviceChoice device, BatchTokens batchTokens, boolean checkExecutors)
        implements java.io.Serializable {
    public ComputeSpec {
        Objects.requireNonNull(device);
        Objects.requireNonNull(batchTokens);
    }
}
