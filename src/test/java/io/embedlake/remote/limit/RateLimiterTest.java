package io.embedlake.remote.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Cost ONE = new Cost(1, 1, 1);

    private final AtomicLong now = new AtomicLong(-5 * SECOND);

    @Test
    void momentsLieEvenlyApartWithinTheHorizon() {
        RateLimiter limiter = limiter(Limits.NONE.withRequests(1200));
        List<Permit> permits = ask(limiter, 10).permits();
        assertEquals(
                List.of(0L, 51L, 102L, 153L),
                permits.stream()
                        .map(permit -> (permit.fromNanos() - now.get()) / 1_000_000)
                        .toList());
        assertTrue(permits.stream()
                .allMatch(permit -> permit.untilNanos() - permit.fromNanos()
                        == Duration.ofMillis(20).toNanos()));
    }

    @Test
    void limitThatTheProviderNamesLowersThePaceAndNeverRaisesIt() {
        RateLimiter limiter = limiter(Limits.NONE.withRequests(1200));
        learn(limiter, Limits.NONE.withRequests(600).withTokens(60_000));
        assertEquals(Limits.NONE.withRequests(600).withTokens(60_000), limiter.limits());
        assertEquals(2, ask(limiter, 10).permits().size());
        learn(limiter, Limits.NONE.withRequests(5000));
        assertEquals(Limits.NONE.withRequests(1200).withTokens(60_000), limiter.limits());
    }

    @Test
    void whatMayBeSpentIsNeverExceededAndWhatWasNotChargedForMayBeSpentAgain() {
        RateLimiter limiter = limiter(Limits.NONE);
        Budget budget = new Budget();
        budget.allow(OptionalLong.of(5));
        Lease first = limiter.exchange(Ask.of("a", Collections.nCopies(10, ONE)), budget);
        assertEquals(5, first.permits().size());
        assertTrue(first.isSpent());
        // Two of the five were refused, and a third cost one more than was estimated.
        Lease second = limiter.exchange(
                new Ask("a", Collections.nCopies(10, ONE), Optional.empty(), Limits.NONE, 1, 2, 0), budget);
        assertEquals(1, second.permits().size());
        assertFalse(ask(limiter, 10).isSpent(), "the budget is another run's");
        budget.allow(OptionalLong.empty());
        assertFalse(limiter.exchange(Ask.of("a", List.of(ONE)), budget).isSpent());
    }

    @Test
    void withoutALimitTheFirstRefusalMakesOneOfThePaceSoFar() {
        RateLimiter limiter = limiter(Limits.NONE);
        for (int second = 0; second < 10; second++) {
            assertEquals(50, ask(limiter, 50).permits().size());
            now.addAndGet(SECOND);
        }
        refuse(limiter, Duration.ofSeconds(2));
        assertEquals(0, ask(limiter, 50).permits().size());
        now.addAndGet(2 * SECOND);
        int sent = sentWithin(limiter, 1);
        assertTrue(
                sent >= 52 && sent <= 66,
                "50 a second for 1.2 s, the horizon included: one refusal of 500 is no reason to be slow: " + sent);
        now.addAndGet(18 * SECOND);
        assertTrue(sentWithin(limiter, 1) > 60, "the limit was a guess: it is exceeded when nothing speaks against it");
    }

    @Test
    void refusalsOfCallsFromBeforeTheLastOneSayNothingNew() {
        RateLimiter limiter = limiter(Limits.NONE.withRequests(6000));
        long sent = now.get();
        now.addAndGet(SECOND);
        for (int i = 0; i < 20; i++) {
            limiter.exchange(new Ask("a", List.of(), Optional.of(new Ask.Refusal(sent, SECOND)), Limits.NONE, 0, 0, 0));
        }
        now.addAndGet(SECOND);
        int after = sentWithin(limiter, 1);
        assertTrue(after >= 54 && after <= 62, "half the pace for 1.2 s: all calls were refused: " + after);
    }

    @Test
    void callAboveTheLimitOfAMinuteGoesAlone() {
        RateLimiter limiter = limiter(Limits.NONE.withTokens(1000));
        Cost huge = new Cost(1, 5000, 1);
        assertEquals(
                1, limiter.exchange(Ask.of("a", List.of(huge, huge))).permits().size());
        now.addAndGet(59 * SECOND);
        assertEquals(0, limiter.exchange(Ask.of("a", List.of(huge))).permits().size());
    }

    @Test
    void whatWasUnderestimatedIsWaitedForLater() {
        RateLimiter limiter = limiter(Limits.NONE.withTokens(60_000));
        limiter.exchange(new Ask("a", List.of(), Optional.empty(), Limits.NONE, 10_000, 0, 0));
        Cost cost = new Cost(1, 100, 1);
        assertEquals(0, limiter.exchange(Ask.of("a", List.of(cost))).permits().size());
        now.addAndGet(11 * SECOND);
        assertEquals(1, limiter.exchange(Ask.of("a", List.of(cost))).permits().size());
    }

    @Test
    void headersNameLimitsOfAMinuteOnly() {
        assertEquals(
                Limits.NONE.withRequests(300).withTokens(40_000),
                RateHeaders.limits(Map.of(
                        "x-ratelimit-limit-requests", List.of("300"),
                        "x-ratelimit-limit-tokens", List.of("1000000"),
                        "x-ratelimit-limit-project-tokens", List.of("40000"),
                        "x-ratelimit-limit-tokens-month", List.of("7"),
                        "x-ratelimit-limit-req-minute", List.of("many"))));
        assertEquals(Limits.NONE, RateHeaders.limits(Map.of()));
    }

    private RateLimiter limiter(Limits limits) {
        return new RateLimiter(limits, Pace.STRICT, now::get);
    }

    private static Lease ask(RateLimiter limiter, int calls) {
        return limiter.exchange(Ask.of("a", Collections.nCopies(calls, ONE)));
    }

    private static void learn(RateLimiter limiter, Limits limits) {
        limiter.exchange(new Ask("a", List.of(), Optional.empty(), limits, 0, 0, 0));
    }

    private void refuse(RateLimiter limiter, Duration wait) {
        limiter.exchange(
                new Ask("a", List.of(), Optional.of(new Ask.Refusal(now.get(), wait.toNanos())), Limits.NONE, 0, 0, 0));
    }

    private int sentWithin(RateLimiter limiter, int seconds) {
        int sent = 0;
        for (int tenth = 0; tenth < 10 * seconds; tenth++) {
            sent += ask(limiter, 50).permits().size();
            now.addAndGet(SECOND / 10);
        }
        return sent;
    }
}
