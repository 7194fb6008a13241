package io.embedlake.spark.limit;

import io.embedlake.provider.limit.LeaseHolder;
import io.embedlake.provider.limit.Limits;
import io.embedlake.provider.limit.Pace;
import java.io.Serializable;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A limit that all executors of a job share, as it travels to them. Immutable.
 *
 * @param name tells endpoints and keys apart; never a secret
 * @param requests a minute, or 0 for no limit
 * @param tokens a minute, or 0
 * @param inputs a minute, or 0
 * @param pace how exactly calls are spread
 * @param route how executors come by permits
 */
public record SharedLimit(String name, long requests, long tokens, long inputs, Pace pace, LimitRoute route)
        implements Serializable {
    public SharedLimit {
        Objects.requireNonNull(name);
        Objects.requireNonNull(pace);
        Objects.requireNonNull(route);
    }

    /** A limit, and how executors come by its permits. */
    public static SharedLimit of(String name, Limits limits, Pace pace, LimitRoute route) {
        return new SharedLimit(
                name,
                limits.requests().orElse(0),
                limits.tokens().orElse(0),
                limits.inputs().orElse(0),
                pace,
                route);
    }

    /**
     * On the driver: sets how many tokens may be charged for from now on by all who share it; without a number, any. It holds for all
     * but those with a fixed part of their own.
     */
    public void allow(OptionalLong tokensLeft) {
        DriverLimits.shared().allow(name, tokensLeft);
    }

    Limits limits() {
        return new Limits(limit(requests), limit(tokens), limit(inputs));
    }

    private static OptionalLong limit(long aMinute) {
        return aMinute == 0 ? OptionalLong.empty() : OptionalLong.of(aMinute);
    }

    /** The holder of this limit in this JVM, the same for all tasks; nobody closes it. */
    public LeaseHolder holder() {
        return JvmHolders.shared().holder(this);
    }
}
