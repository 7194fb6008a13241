package io.embedlake.provider.client;

import io.embedlake.provider.wire.Cause;
import io.embedlake.provider.wire.Reading.Fault;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a failure, and when to give up. Immutable.
 *
 * <p>Whoever is too fast or waits for a model to load waits as the server says: only time ends that, not a number of attempts.
 *
 * @param attempts the most attempts of a call that fails in passing
 * @param firstWait on average half of this is the first wait where the server names none; then it doubles
 * @param longestWait the most of these
 * @param longestAsked a server that asks for more has no quota left
 * @param budget how long a call may be under way and waiting because of failures, altogether
 * @param loadingBudget the same while its model is being loaded
 */
public record RetryRules(
        int attempts,
        Duration firstWait,
        Duration longestWait,
        Duration longestAsked,
        Duration budget,
        Duration loadingBudget) {
    /** What is usual: 6 attempts, waits from half a second to 30 s, 10 minutes a call. */
    public static final RetryRules DEFAULT = new RetryRules(
            6,
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            Duration.ofSeconds(120),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30));

    private static final Duration LEAST_ASKED = Duration.ofMillis(100);
    private static final double MOST_EXTRA = 0.2;

    public RetryRules {
        requirePositive(firstWait, longestWait, longestAsked, budget, loadingBudget);
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts are positive: " + attempts);
        }
    }

    static void requirePositive(Duration... times) {
        for (Duration time : times) {
            if (time.isZero() || time.isNegative()) {
                throw new IllegalArgumentException("a time is positive: " + time);
            }
        }
    }

    /** Whether the server asks for so long a wait that there is no quota left. */
    boolean asksTooMuch(Fault fault) {
        return fault.delay().filter(asked -> asked.compareTo(longestAsked) > 0).isPresent();
    }

    /** Whether a call may be sent again after so many failures and so much time. */
    boolean allow(Cause cause, int failures, Duration spent) {
        return switch (cause) {
            case LOADING -> spent.compareTo(loadingBudget) < 0;
            case RATE -> spent.compareTo(budget) < 0;
            default -> failures < attempts && spent.compareTo(budget) < 0;
        };
    }

    /**
     * How long to wait: somewhat longer than the server asks for, so that not all come back at once, or a random part of a time that
     * doubles.
     *
     * @param failures how many there were, this one included
     */
    Duration before(Optional<Duration> asked, int failures, RandomGenerator random) {
        if (asked.isPresent()) {
            long nanos = Math.max(LEAST_ASKED.toNanos(), asked.get().toNanos());
            return Duration.ofNanos((long) (nanos * (1 + MOST_EXTRA * random.nextDouble())));
        }
        double doubled = firstWait.toNanos() * Math.pow(2, failures - 1);
        return Duration.ofNanos((long) (Math.min(doubled, longestWait.toNanos()) * random.nextDouble()));
    }
}
