package io.embedlake.remote.http;

import io.embedlake.retry.RetryRule;
import java.time.Duration;
import java.util.Objects;

/**
 * How calls are repeated, and when the client stops. Immutable.
 *
 * <p>A call that comes too fast or that waits for a model to load is repeated as the server asks: time alone ends that, not a number of
 * attempts.
 *
 * @param rule the waits between attempts of a call, and the most attempts while nothing shows that the server works
 * @param patience how long a server may fail, or keep a call waiting, before the client stops
 * @param loadingPatience the same while its model is being loaded
 */
public record RetryRules(RetryRule rule, Duration patience, Duration loadingPatience) {
    /** What is usual: 6 attempts, waits from half a second to 30 s, 10 minutes. */
    public static final RetryRules DEFAULT = new RetryRules(
            new RetryRule(6, Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(120)),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30));

    public RetryRules {
        Objects.requireNonNull(rule);
        requirePositive(patience, loadingPatience);
    }

    /** The same with another longest wait that a server may ask for. */
    public RetryRules withLongestAsked(Duration asked) {
        return new RetryRules(rule.withLongestAsked(asked), patience, loadingPatience);
    }

    static void requirePositive(Duration... times) {
        for (Duration time : times) {
            if (time.isZero() || time.isNegative()) {
                throw new IllegalArgumentException("a time is positive: " + time);
            }
        }
    }
}
