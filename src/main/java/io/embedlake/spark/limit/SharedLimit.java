package io.embedlake.spark.limit;

import io.embedlake.remote.limit.RateLimiterClient;
import java.io.Serializable;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A limit that all executors of a run share, as it travels to them. Immutable.
 *
 * @param run whose budget counts
 * @param name identifies endpoint and key; never a secret
 * @param route how executors come by permits
 */
public record SharedLimit(String run, String name, LimitRoute route) implements Serializable {
    public SharedLimit {
        Objects.requireNonNull(run);
        Objects.requireNonNull(name);
        Objects.requireNonNull(route);
    }

    /** On the driver: sets how many tokens this run may be charged for from now on; without a number, any. */
    public void allow(OptionalLong tokensLeft) {
        DriverLimits.ofJvm().allow(run, name, tokensLeft);
    }

    /** A new client of this limit in this JVM; there is nothing to close. */
    public RateLimiterClient holder() {
        return new RateLimiterClient(UUID.randomUUID().toString(), LeaseChannels.to(this), LeaseChannels.eventLoop());
    }
}
