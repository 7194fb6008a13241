package io.embedlake.spark.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.remote.limit.Ask;
import io.embedlake.remote.limit.Cost;
import io.embedlake.remote.limit.Lease;
import io.embedlake.remote.limit.Limits;
import io.embedlake.remote.limit.Pace;
import io.embedlake.remote.limit.Traffic;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DriverLimitsTest {
    private static final String NAME = "openai https://example.test key";
    private static final Cost TEN = new Cost(1, 10, 1);

    private final AtomicLong nanos = new AtomicLong();
    private final DriverLimits limits = new DriverLimits(nanos::get);

    /** The end of one run once lifted the budget of the other. */
    @Test
    void aBudgetBelongsToItsRunThoughBothSendToTheSameEndpoint() {
        open("one", Limits.NONE);
        open("two", Limits.NONE);
        limits.allow("one", NAME, OptionalLong.of(50));
        limits.allow("two", NAME, OptionalLong.of(1000));
        assertEquals(5, ask("one", 20).permits().size());
        assertEquals(20, ask("two", 20).permits().size());
        limits.allow("two", NAME, OptionalLong.empty());
        limits.close("two");
        Lease spent = ask("one", 1);
        assertTrue(spent.isSpent());
    }

    @Test
    void aBudgetStaysWhenAnotherColumnOfTheRunSendsToTheSameEndpoint() {
        open("one", Limits.NONE);
        limits.allow("one", NAME, OptionalLong.of(50));
        open("one", Limits.NONE);
        assertTrue(ask("one", 6).isSpent());
    }

    @Test
    void aPauseThatManyClientsHearOfCountsOnceAndOnlyForRunsThatSend() {
        open("one", Limits.NONE);
        open("two", Limits.NONE);
        ask("one", 3);
        Ask refused = new Ask(
                "first",
                List.of(TEN),
                Optional.of(new Ask.Refusal(nanos.get(), Duration.ofSeconds(20).toNanos())),
                Limits.NONE,
                0,
                0,
                0);
        limits.exchange("one", NAME, refused);
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        limits.exchange("one", NAME, Ask.of("second", List.of(TEN)));
        assertEquals(new Traffic(3, Duration.ofSeconds(20)), limits.traffic("one"));
        assertEquals(Traffic.NONE, limits.traffic("two"));
        limits.close("one");
        assertEquals(Traffic.NONE, limits.traffic("one"), "a run that has ended sends nothing");
    }

    @Test
    void runsThatSendToOneEndpointShareItsRate() {
        open("one", Limits.NONE.withRequests(600));
        open("two", Limits.NONE.withRequests(600));
        int first = ask("one", 10).permits().size();
        assertTrue(first > 0);
        assertEquals(0, ask("two", 10).permits().size(), "the next 200 ms are given away");
    }

    @Test
    void theLowestLimitOfAllRunsHoldsAndWhatWasSentBeforeIsNotForgotten() {
        open("one", Limits.NONE.withRequests(6000));
        assertEquals(20, ask("one", 50).permits().size(), "in 200 ms");
        open("two", Limits.NONE.withRequests(10));
        nanos.addAndGet(Duration.ofSeconds(30).toNanos());
        assertEquals(0, ask("one", 50).permits().size(), "more than 10 were sent within this minute");
        limits.close("two");
        assertTrue(ask("one", 50).permits().size() > 1, "the other run's limit has ended with it");
    }

    @Test
    void aRunThatBeginsSoonAfterAnotherKeepsToTheSameMinute() {
        open("one", Limits.NONE.withRequests(4));
        assertEquals(1, ask("one", 50).permits().size());
        limits.close("one");
        open("two", Limits.NONE.withRequests(4));
        assertEquals(0, ask("two", 50).permits().size());
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        assertEquals(1, ask("two", 50).permits().size());
    }

    @Test
    void whoeverAsksForARunThatHasEndedGetsNothing() {
        open("one", Limits.NONE);
        limits.close("one");
        assertThrows(IllegalArgumentException.class, () -> ask("one", 1));
        limits.allow("one", NAME, OptionalLong.of(1));
        open("one", Limits.NONE);
        assertFalse(ask("one", 1).isSpent());
    }

    private void open(String run, Limits set) {
        limits.open(run, NAME, set, Pace.STRICT);
    }

    private Lease ask(String run, int calls) {
        return limits.exchange(run, NAME, Ask.of("holder of " + run, Collections.nCopies(calls, TEN)));
    }
}
