package io.embedlake.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.RateLimit;
import io.embedlake.fake.settings.RoughTokens;
import io.embedlake.fake.settings.Settings;
import io.embedlake.fake.settings.Unit;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final Settings SETTINGS = Settings.of(Provider.OPENAI).withDimension(8);

    private final AtomicLong nanos = new AtomicLong(-1000);
    private FakeProvider fake = FakeProvider.start(SETTINGS, new HashedVectors(8));

    private Caller start(Settings settings) {
        fake.close();
        fake = FakeProvider.start(
                settings, new HashedVectors(8), nanos::get, Clock.systemUTC(), time -> nanos.addAndGet(time.toNanos()));
        return new Caller(fake);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @AfterEach
    void close() {
        fake.close();
    }

    private static Caller.Answer call(Caller caller, String text) {
        return caller.post("/v1/embeddings", "{'model': 'text-embedding-3-small', 'input': '" + text + "'}");
    }

    @Test
    void aWindowHasNoBeginning() {
        Caller caller = start(SETTINGS.withLimits(RateLimit.perSecond(Unit.REQUESTS, 2)));
        assertEquals(200, call(caller, "a").status());
        pass(Duration.ofMillis(900));
        assertEquals(200, call(caller, "b").status());
        pass(Duration.ofMillis(99));
        Caller.Answer refused = call(caller, "c");
        assertEquals(429, refused.status());
        assertEquals("1", refused.header("Retry-After"));
        assertEquals("1", refused.header("retry-after-ms"));
        assertTrue(refused.text().contains("Please try again in 1ms."), refused.text());
        pass(Duration.ofMillis(1));
        assertEquals(200, call(caller, "c").status());
        // The second of two is 100 ms old, the third is new.
        assertEquals("1s", call(caller, "d").header("x-ratelimit-reset-requests"));
        assertEquals("0", call(caller, "e").header("x-ratelimit-remaining-requests"));
        assertEquals(5, fake.stats().most("requests", "1s"));
        assertEquals(6, fake.stats().most("requests", "60s"));
    }

    @Test
    void settingsDoNotTellTheirKeys() {
        String shown = SETTINGS.withKeys("sk-secret")
                .withLimits(RateLimit.perSecond(Unit.INPUTS, 7))
                .toString();
        assertTrue(shown.startsWith("openai with limits [RateLimit[unit=INPUTS, amount=7"), shown);
        assertTrue(!shown.contains("sk-secret"), shown);
    }

    @Test
    void whatIsRefusedDoesNotUseTheLimitUp() {
        Caller caller = start(SETTINGS.withLimits(RateLimit.perMinute(Unit.TOKENS, 10)));
        assertEquals(200, call(caller, "a b c d e f").status());
        Caller.Answer refused = call(caller, "a b c d e");
        assertEquals(429, refused.status());
        assertTrue(refused.text().contains("on tokens per min (TPM): Limit 10, Used 6, Requested 5."), refused.text());
        assertTrue(refused.text().contains("Please try again in 1m0s."), refused.text());
        assertEquals(200, call(caller, "a b c d").status());
        assertEquals(15, fake.stats().most("tokens", "1s"));
    }

    @Test
    void latencyIsWaitedForAndConcurrencyIsSeen() throws Exception {
        fake.close();
        fake = FakeProvider.start(SETTINGS.withLatency(Duration.ofMillis(200)), new HashedVectors(8));
        Caller caller = new Caller(fake);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            CountDownLatch ready = new CountDownLatch(4);
            List<Future<Integer>> calls = java.util.stream.IntStream.range(0, 4)
                    .mapToObj(i -> threads.submit(() -> {
                        ready.countDown();
                        ready.await();
                        return call(caller, "text " + i).status();
                    }))
                    .toList();
            for (Future<Integer> done : calls) {
                assertEquals(200, done.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(4, fake.stats().peakConcurrency());
    }

    @Test
    void figuresAreServedAsJson() {
        Caller caller = start(SETTINGS);
        call(caller, "Hello, world!");
        call(caller, "Hello, world!");
        call(caller, "");
        JsonNode stats = caller.get("/_fake/stats").json();
        assertEquals(3, stats.path("requests").asInt());
        assertEquals(2, stats.path("inputs").asInt());
        assertEquals(8, stats.path("tokens_billed").asInt());
        assertEquals(1, stats.path("rows_billed").asInt());
        assertEquals(1, stats.path("rows_billed_again").asInt());
        assertEquals(2, stats.path("billings").asInt());
        assertEquals("{\"200\":2,\"400\":1}", stats.path("statuses").toString());
        assertEquals(8, stats.path("window_maxima").path("tokens").path("10s").asInt());
        assertEquals(2, fake.ledger().timesBilled("Hello, world!"));
        assertEquals(List.of(2), List.copyOf(fake.ledger().rowsBilled().values()));
    }

    @Test
    void tokensAreCountedAboutAsAVocabularyWould() {
        RoughTokens tokens = new RoughTokens();
        assertEquals(4, tokens.applyAsInt("Hello, world!"));
        assertEquals(2, tokens.applyAsInt(" antidisestablishment  "));
        assertEquals(3, tokens.applyAsInt("1234567"));
        assertEquals(4, tokens.applyAsInt("\u65e5\u672c\u8a9e\ud83d\ude00"));
        assertEquals(0, tokens.applyAsInt(" \n\t"));
    }
}
