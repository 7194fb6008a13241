package io.embedlake.provider.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.provider.wire.Cause;
import io.embedlake.testing.Property;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RetryRulesTest {
    private static final RetryRules RULES = RetryRules.DEFAULT;

    @Test
    void waitsSomewhatLongerThanTheServerAsksAndAtLeastATenthOfASecond() {
        Property.holds(100, random -> {
            Duration asked = Duration.ofMillis(random.nextInt(60_000));
            Duration least = asked.compareTo(Duration.ofMillis(100)) < 0 ? Duration.ofMillis(100) : asked;
            Duration wait = RULES.before(Optional.of(asked), 1, random);
            assertTrue(wait.compareTo(least) >= 0, wait + " for " + asked);
            assertTrue(wait.compareTo(least.multipliedBy(6).dividedBy(5)) <= 0, wait + " for " + asked);
        });
    }

    @Test
    void waitsARandomPartOfATimeThatDoublesUpToHalfAMinute() {
        Property.holds(100, random -> {
            int failures = 1 + random.nextInt(40);
            Duration wait = RULES.before(Optional.empty(), failures, random);
            double most = Math.min(30, 0.5 * Math.pow(2, failures - 1));
            assertFalse(wait.isNegative());
            assertTrue(wait.toNanos() <= most * 1e9, wait + " after " + failures);
        });
    }

    @Test
    void attemptsAndTimeEndWhatFailsInPassingTimeAloneEndsTheRest() {
        assertTrue(RULES.allow(Cause.TRANSIENT, 5, Duration.ofMinutes(9)));
        assertFalse(RULES.allow(Cause.TRANSIENT, 6, Duration.ZERO));
        assertFalse(RULES.allow(Cause.TRANSIENT, 1, Duration.ofMinutes(10)));
        assertTrue(RULES.allow(Cause.RATE, 100, Duration.ofMinutes(9)));
        assertFalse(RULES.allow(Cause.RATE, 1, Duration.ofMinutes(10)));
        assertTrue(RULES.allow(Cause.LOADING, 100, Duration.ofMinutes(29)));
        assertFalse(RULES.allow(Cause.LOADING, 1, Duration.ofMinutes(30)));
    }

    @Test
    void callAsLargeAsOneThatWasTooBigIsCutBeforeItIsSent() {
        RefusedSizes sizes = new RefusedSizes();
        assertEquals(1, sizes.parts(100, 1000));
        sizes.refused(100, 1000);
        assertEquals(2, sizes.parts(100, 1000));
        assertEquals(2, sizes.parts(200, 1500));
        assertEquals(1, sizes.parts(99, 5000), "it may be the texts that are too many");
        assertEquals(1, sizes.parts(100, 999), "it may be the characters");
        sizes.atMost(16);
        assertEquals(7, sizes.parts(100, 10));
        assertEquals(1, sizes.parts(16, 10));
    }

    @Test
    void roomIsLearntFromAnswersAndGivenBackOnce() {
        ByteBudget bytes = new ByteBudget(1_000_000, OptionalInt.of(1000));
        ByteBudget.Hold first = bytes.take(30, 1000).orElseThrow();
        assertEquals(30 * 28_000 + 6_000, bytes.held());
        assertTrue(bytes.take(10, 0).isEmpty());
        bytes.learn(30, 30 * 500, 1000);
        assertTrue(bytes.take(10, 0).isPresent());
        first.shrinkTo(4000);
        first.shrinkTo(9000);
        assertEquals(4000 + 50_000, bytes.held());
        first.shrinkTo(0);
        first.shrinkTo(0);
        assertEquals(50_000, bytes.held());
        bytes.takeAnyway(1000, 0);
        assertEquals(5_050_000, bytes.held());
    }
}
