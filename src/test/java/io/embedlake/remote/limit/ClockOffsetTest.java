package io.embedlake.remote.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClockOffsetTest {
    @Test
    void boundsHoldTheTrueOffsetAndAreNarrowerThanTheFastestRoundTrip() {
        Property.holds(100, random -> {
            ClockOffset offset = new ClockOffset(Duration.ofMillis(10));
            long ahead = random.nextInt();
            long now = random.nextInt();
            long fastest = Long.MAX_VALUE;
            for (int i = 0; i < 20; i++) {
                long there = 100_000 + random.nextInt(3_000_000);
                long back = 100_000 + random.nextInt(3_000_000);
                fastest = Math.min(fastest, there + back);
                offset.answered(now, now + there + back, now + there + ahead);
                now += there + back;
                assertTrue(offset.surelyPast(now) <= now + ahead);
                assertTrue(offset.surelyNotPast(now) >= now + ahead);
                now += random.nextInt(50_000_000);
            }
            // 20 times 50 ms of drift.
            assertTrue(offset.surelyNotPast(now) - offset.surelyPast(now) <= fastest + 200_000);
        });
    }

    @Test
    void clockThatJumpedIsBelievedAgain() {
        ClockOffset offset = new ClockOffset(Duration.ofMillis(10));
        offset.answered(0, 1000, 500);
        offset.answered(2000, 3000, 1_000_000_000);
        assertEquals(1_000_000_000 - 3000 + 5000, offset.surelyPast(5000));
        long here = offset.here(1_500_000_000);
        assertTrue(offset.surelyPast(here) >= 1_500_000_000);
        assertTrue(offset.surelyPast(here - 2) < 1_500_000_000);
    }
}
