package io.embedlake.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final RetryRule RULE =
            new RetryRule(4, Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(60));
    /** Always draws a half. */
    private static final RandomGenerator HALF = () -> 1L << 63;

    @Test
    void waitsDoubleUpToTheLongestAndAreDrawnBelowIt() {
        assertEquals(Duration.ofMillis(500), RULE.wait(1, Optional.empty(), HALF));
        assertEquals(Duration.ofMillis(1000), RULE.wait(2, Optional.empty(), HALF));
        assertEquals(Duration.ofMillis(1500), RULE.wait(3, Optional.empty(), HALF));
        assertEquals(Duration.ofMillis(1500), RULE.wait(1000, Optional.empty(), HALF));
    }

    @Test
    void waitIsSomewhatLongerThanTheServerAsksFor() {
        assertEquals(Duration.ofSeconds(11), RULE.wait(1, Optional.of(Duration.ofSeconds(10)), HALF));
        assertEquals(Duration.ofMillis(500), RULE.wait(1, Optional.of(Duration.ZERO), HALF));
        assertFalse(RULE.asksTooMuch(Optional.of(Duration.ofSeconds(60))));
        assertTrue(RULE.asksTooMuch(Optional.of(Duration.ofSeconds(61))));
    }

    @Test
    void waitsKeepToTheirBoundsWhateverIsDrawn() {
        Property.holds(100, random -> {
            int failures = 1 + random.nextInt(40);
            Duration asked = Duration.ofMillis(random.nextInt(60_000));
            double most = Math.min(3, Math.pow(2, failures - 1));
            assertTrue(RULE.wait(failures, Optional.empty(), random).toNanos() <= most * 1e9);
            Duration wait = RULE.wait(failures, Optional.of(asked), random);
            assertTrue(wait.compareTo(asked) >= 0 && wait.toMillis() >= 100, wait + " for " + asked);
            assertTrue(
                    wait.toNanos() <= Math.max(Math.max(asked.toNanos(), 1e8) * 1.2, most * 1e9) + 1,
                    wait + " for " + asked);
        });
    }

    @Test
    void requestIsGivenUpAfterItsAttemptsOrWhenTheServerAsksForTooMuch() throws InterruptedException {
        List<Duration> waits = new ArrayList<>();
        Retries retries = new Retries(RULE, waits::add, HALF);
        Retries.Series series = retries.series();
        for (int failure = 1; failure < 4; failure++) {
            retries.sleep(series.failed(Optional.empty()).orElseThrow());
        }
        assertEquals(Optional.empty(), series.failed(Optional.empty()));
        assertEquals(4, series.failures());
        assertEquals(List.of(Duration.ofMillis(500), Duration.ofMillis(1000), Duration.ofMillis(1500)), waits);
        assertEquals(Optional.empty(), retries.series().failed(Optional.of(Duration.ofMinutes(2))));
    }

    @Test
    void countStartsAgainAfterProgress() {
        Retries.Series series = new Retries(RULE, time -> {}, HALF).series();
        series.failed(Optional.empty());
        series.failed(Optional.empty());
        series.progressed();
        assertEquals(Optional.of(Duration.ofMillis(500)), series.failed(Optional.empty()));
    }

    @Test
    void ruleHasAttemptsAndTimes() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new RetryRule(0, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new RetryRule(1, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1)));
    }
}
