package io.embedlake.retry;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Repeats requests on the caller's thread. As thread-safe as its parts; a {@link Series} is confined to a thread.
 *
 * @param random spreads the waits
 */
public record Retries(RetryRule rule, Sleeper sleeper, RandomGenerator random) {
    public Retries {
        Objects.requireNonNull(rule);
        Objects.requireNonNull(sleeper);
        Objects.requireNonNull(random);
    }

    /** For one request, which has not failed yet. */
    public Series series() {
        return new Series();
    }

    /** Waits. */
    public void sleep(Duration time) throws InterruptedException {
        sleeper.sleep(time);
    }

    /** The failures of one request, one after the other. */
    public final class Series {
        private int failures;

        private Series() {}

        /**
         * The request failed once more.
         *
         * @param asked how long the server asks to wait
         * @return how long to wait before the next attempt; empty when the request is to be given up
         */
        public Optional<Duration> failed(Optional<Duration> asked) {
            failures++;
            return failures >= rule.attempts() || rule.asksTooMuch(asked)
                    ? Optional.empty()
                    : Optional.of(rule.wait(failures, asked, random));
        }

        /** Something was gained since the last failure: the count starts again. */
        public void progressed() {
            failures = 0;
        }

        /** How many failures there were since the start or the last progress. */
        public int failures() {
            return failures;
        }
    }
}
