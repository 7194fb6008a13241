package io.embedlake.spark.executor;

import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spark.limit.LimitRoutes;
import io.embedlake.spark.limit.SharedLimit;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Platforms;
import java.io.Serializable;
import java.util.OptionalLong;

/** Loads embedders on the driver or an executor. Immutable; travels to executors. */
public interface EmbedderLoader extends Serializable {
    /** Loads what the spec describes; the caller closes it. */
    Embedder load(EmbedderSpec spec, Device device);

    /** On the driver: sets how many tokens may be charged for from now on; without a number, any. */
    default void allow(OptionalLong tokensLeft) {
        // Local computation is free.
    }

    /** As the spec's platform does it. */
    record Plain() implements EmbedderLoader {
        @Override
        public Embedder load(EmbedderSpec spec, Device device) {
            return Platforms.named(spec.platform()).load(spec, device);
        }
    }

    /**
     * A provider's, whose limit all executors share.
     *
     * @param limit of one run: what stops it from sending ends with the run
     */
    record Limited(SharedLimit limit) implements EmbedderLoader {
        @Override
        public void allow(OptionalLong tokensLeft) {
            limit.allow(tokensLeft);
        }

        @Override
        public Embedder load(EmbedderSpec spec, Device device) {
            device.requireProcessor(spec.platform());
            return ProviderPlatform.of(spec).orElseThrow().load(spec, limit.holder());
        }
    }

    /** What suits a spec; a provider's limit is shared from now on. */
    static EmbedderLoader of(EmbedderSpec spec, LimitRoutes routes) {
        return ProviderPlatform.of(spec)
                .<EmbedderLoader>map(
                        provider -> new Limited(routes.share(provider.limitName(spec), provider.limits(spec))))
                .orElseGet(Plain::new);
    }
}
