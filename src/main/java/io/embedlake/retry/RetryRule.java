package io.embedlake.retry;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How often a failed request is sent again, and after which waits. Immutable.
 *
 * @param attempts the most attempts, the first included
 * @param firstWait the upper bound of the first wait where the server names none; it doubles with each failure
 * @param longestWait the upper bound of these waits
 * @param longestAsked the longest wait that a server may ask for
 */
public record RetryRule(int attempts, Duration firstWait, Duration longestWait, Duration longestAsked) {
    private static final Duration LEAST_ASKED = Duration.ofMillis(100);
    private static final double MOST_EXTRA = 0.2;
    private static final int MOST_DOUBLINGS = 30;

    public RetryRule {
        if (attempts < 1
                || firstWait.compareTo(Duration.ZERO) <= 0
                || longestWait.compareTo(Duration.ZERO) <= 0
                || longestAsked.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException("attempts and times are positive: " + attempts + ", " + firstWait + ", "
                    + longestWait + ", " + longestAsked);
        }
    }

    /** The same with another longest wait that a server may ask for. */
    public RetryRule withLongestAsked(Duration asked) {
        return new RetryRule(attempts, firstWait, longestWait, asked);
    }

    /** Whether a server asks for a longer wait than is granted. */
    public boolean asksTooMuch(Optional<Duration> asked) {
        return asked.filter(wait -> wait.compareTo(longestAsked) > 0).isPresent();
    }

    /**
     * How long to wait: a random part of a time that doubles, but somewhat longer than the server asks for, so that not all clients return
     * at once.
     *
     * @param failures how many there were, this one included
     * @param asked what the server asks for
     */
    public Duration wait(int failures, Optional<Duration> asked, RandomGenerator random) {
        double doubled = firstWait.toNanos() * (double) (1L << Math.min(failures - 1, MOST_DOUBLINGS));
        double drawn = Math.min(doubled, longestWait.toNanos()) * random.nextDouble();
        double least = asked.map(wait ->
                        Math.max(LEAST_ASKED.toNanos(), wait.toNanos()) * (1 + MOST_EXTRA * random.nextDouble()))
                .orElse(0.0);
        return Duration.ofNanos((long) Math.max(drawn, least));
    }
}
