package io.embedlake.fake.settings;

import java.time.Duration;
import java.util.Objects;

/**
 * The most of something that a provider takes within any window of this length. Immutable.
 *
 * @param window such as a second, ten seconds or a minute
 */
public record RateLimit(Unit unit, long amount, Duration window) {
    public RateLimit {
        Objects.requireNonNull(unit);
        if (amount < 1 || window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("a limit is positive: " + amount + " in " + window);
        }
    }

    /** A limit for each minute. */
    public static RateLimit perMinute(Unit unit, long amount) {
        return new RateLimit(unit, amount, Duration.ofMinutes(1));
    }

    /** A limit for each second. */
    public static RateLimit perSecond(Unit unit, long amount) {
        return new RateLimit(unit, amount, Duration.ofSeconds(1));
    }
}
