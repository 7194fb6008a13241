package io.embedlake.fake.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlidingSumTest {
    @Test
    void isTheSumOfWhatCameWithinTheWindow() {
        Property.holds(200, random -> {
            int window = 1 + random.nextInt(50);
            SlidingSum sum = new SlidingSum(Duration.ofNanos(window));
            List<long[]> all = new ArrayList<>();
            long now = random.nextInt(100) - 50L;
            long most = 0;
            for (int i = 0; i < 100; i++) {
                now += random.nextInt(8);
                long amount = random.nextInt(5);
                sum.add(now, amount);
                all.add(new long[] {now, amount});
                most = Math.max(most, within(all, now, window));
                assertEquals(within(all, now, window), sum.sum(now));
            }
            assertEquals(most, sum.most());
        });
    }

    @Test
    void knowsWhenEnoughOfItHasPassed() {
        Property.holds(200, random -> {
            SlidingSum sum = new SlidingSum(Duration.ofNanos(40));
            long now = 0;
            for (int i = 0; i < 30; i++) {
                now += random.nextInt(5);
                sum.add(now, random.nextInt(5));
            }
            long amount = random.nextInt(40);
            long wait = sum.until(now, amount).toNanos();
            assertTrue(wait == 0 || sum.sum(now + wait - 1) > amount);
            assertTrue(sum.sum(now + wait) <= amount);
        });
    }

    private static long within(List<long[]> all, long now, int window) {
        return all.stream()
                .filter(entry -> now - entry[0] < window)
                .mapToLong(entry -> entry[1])
                .sum();
    }
}
