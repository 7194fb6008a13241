package io.embedlake.spark.limit;

import io.embedlake.provider.limit.LeaseHolder;
import io.embedlake.provider.limit.Limits;
import io.embedlake.provider.limit.Pace;
import java.io.Serializable;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A limit that all executors of a run share, as it travels to them. Immutable.
 *
 * @param run whose budget counts
 * @param name tells endpoints and keys apart; never a secret
 * @param requests a minute, or 0 for no limit
 * @param tokens a minute, or 0
 * @param inputs a minute, or 0
 * @param pace how exactly calls are spread
 * @param route how executors come by permits
 */
public record SharedLimit(String run, String name, long requests, long tokens, long inputs, Pace pace, LimitRoute route)
        implements Serializable {
    public SharedLimit {
        Objects.requireNonNull(run);
        Objects.requireNonNull(name);
        Objects.requireNonNull(pace);
        Objects.requireNonNull(route);
    }

    /** A limit, and how executors come by its permits. */
    public static SharedLimit of(String run, String name, Limits limits, Pace pace, LimitRoute route) {
        return new SharedLimit(
                run,
                name,
                limits.requests().orElse(0),
                limits.tokens().orElse(0),
                limits.inputs().orElse(0),
                pace,
                route);
    }

    /**
     * On the driver: sets how many tokens this run may be charged for from now on; without a number, any. It holds for all
     * executors but those with a fixed part of the limit.
     */
    public void allow(OptionalLong tokensLeft) {
        DriverLimits.ofJvm().allow(run, name, tokensLeft);
    }

    Limits limits() {
        return new Limits(limit(requests), limit(tokens), limit(inputs));
    }

    private static OptionalLong limit(long aMinute) {
        return aMinute == 0 ? OptionalLong.empty() : OptionalLong.of(aMinute);
    }

    /** A new holder of this limit in this JVM; there is nothing to close. */
    public LeaseHolder holder() {
        return new LeaseHolder(UUID.randomUUID().toString(), LeaseChannels.to(this), LeaseChannels.agenda());
    }
}
