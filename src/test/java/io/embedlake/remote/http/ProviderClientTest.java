package io.embedlake.remote.http;

import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.remote.format.Call;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProviderClientTest {
    @Test
    void outcomesComeInTheOrderOfTheTextsOneForOne() {
        try (ToyServer server = new ToyServer(ToyServer::embed);
                ToyClient client = ToyClient.of(server)) {
            List<String> texts = List.of("a", "b", "unsent", "c", "unsent", "unsent", "d");
            List<Outcome> outcomes = client.embed(2, texts);
            assertEquals(texts.size(), outcomes.size());
            for (int i = 0; i < texts.size(); i++) {
                assertEquals(texts.get(i).equals("unsent"), outcomes.get(i) instanceof Outcome.Refused);
                if (outcomes.get(i) instanceof Outcome.Embedded embedded) {
                    assertArrayEquals(ToyServer.vector(texts.get(i)), embedded.vector());
                    assertEquals(3, embedded.tokens());
                }
            }
            ClientCounts counts = client.client.counts();
            assertEquals(new ClientCounts(3, 3, 0), counts);
        }
    }

    @Test
    void readsTheInputNoFurtherThanCallsMayBeUnderWay() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    awaitQuietly(open);
                    now.decrementAndGet();
                    ToyServer.embed(exchange, request);
                });
                ToyClient client = ToyClient.of(server)) {
            AtomicInteger read = new AtomicInteger();
            Iterator<Input> texts = IntStream.range(0, 1000)
                    .mapToObj(i -> {
                        read.incrementAndGet();
                        return Input.of("text " + i);
                    })
                    .iterator();
            Outcomes outcomes = client.client.run(texts, new ToyPacker(1));
            Thread task = new Thread(() -> outcomes.forEachRemaining(one -> {}), "task");
            task.start();
            while (server.requests().size() < 8) {
                task.join(5);
            }
            task.join(50);
            assertEquals(8, most.get(), "calls at once");
            assertTrue(read.get() <= 18, "read " + read.get());
            open.countDown();
            task.join();
            assertEquals(1000, read.get());
            assertEquals(8, most.get(), "calls at once");
        }
    }

    @Test
    void interruptedTaskDropsItsCallsAtOnce() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        try (ToyServer server = new ToyServer((exchange, request) -> awaitQuietly(never));
                ToyClient client = ToyClient.of(server)) {
            CountDownLatch failed = new CountDownLatch(1);
            Thread task = new Thread(
                    () -> {
                        assertRefused(
                                ErrorKind.TRANSIENT,
                                "Cannot go on embedding with toy: the thread was interrupted. Run it again.",
                                () -> client.embed(1, texts(20)));
                        failed.countDown();
                    },
                    "task");
            task.start();
            while (server.requests().size() < 8) {
                task.join(5);
            }
            task.interrupt();
            failed.await();
            assertEquals(8, server.requests().size(), "nothing is sent after it");
            never.countDown();
        }
    }

    /** What was sent is paid for: a task that had failed gave these answers up. */
    @Test
    void aStreamThatEndsEarlySendsNothingMoreAndGivesWhatWasAsked() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    if (!request.texts().contains("text 0")) {
                        awaitQuietly(open);
                    }
                    ToyServer.embed(exchange, request);
                });
                ToyClient client =
                        new ToyClient(server, 4, 100, Signer.none(), ToyClient.RULES, Duration.ofSeconds(30))) {
            Outcomes outcomes =
                    client.client.run(texts(20).stream().map(Input::of).iterator(), new ToyPacker(1));
            assertInstanceOf(Outcome.Embedded.class, outcomes.next());
            while (server.requests().size() < 5) {
                Thread.sleep(5);
            }
            Thread opener = new Thread(
                    () -> {
                        sleepQuietly(100);
                        open.countDown();
                    },
                    "opener");
            opener.start();
            outcomes.finish(Duration.ofSeconds(30));
            List<Outcome> rest = new ArrayList<>();
            outcomes.forEachRemaining(rest::add);
            opener.join();
            outcomes.close();

            assertEquals(5, server.requests().size(), "nothing is sent after it");
            for (int i = 0; i < rest.size(); i++) {
                if (i < 4) {
                    Outcome.Embedded embedded = assertInstanceOf(Outcome.Embedded.class, rest.get(i));
                    assertArrayEquals(ToyServer.vector("text " + (i + 1)), embedded.vector());
                } else {
                    assertEquals(ErrorKind.EXHAUSTED, ((Outcome.Refused) rest.get(i)).kind());
                }
            }
            assertEquals(8, rest.size(), "as many as wait for a slow call");
        }
    }

    @Test
    void aStreamThatEndsEarlyWaitsNoLongerThanItIsTold() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    if (request.texts().contains("text 1")) {
                        awaitQuietly(never);
                    }
                    ToyServer.embed(exchange, request);
                });
                ToyClient client = ToyClient.of(server)) {
            Outcomes outcomes =
                    client.client.run(texts(3).stream().map(Input::of).iterator(), new ToyPacker(1));
            assertInstanceOf(Outcome.Embedded.class, outcomes.next());
            while (server.requests().size() < 3) {
                Thread.sleep(5);
            }
            outcomes.finish(Duration.ofSeconds(1));
            assertEquals(ErrorKind.EXHAUSTED, ((Outcome.Refused) outcomes.next()).kind());
            assertInstanceOf(Outcome.Embedded.class, outcomes.next());
            assertFalse(outcomes.hasNext());
            assertFalse(outcomes.stopped().isPresent(), "the client goes on for others");
            outcomes.close();
            never.countDown();
        }
    }

    /** A fault that comes then is not followed by another call. */
    @Test
    void aStreamThatEndsEarlyRepeatsNothing() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    awaitQuietly(open);
                    ToyServer.send(exchange, 503, "later");
                });
                ToyClient client = ToyClient.of(server)) {
            Outcomes outcomes =
                    client.client.run(texts(4).stream().map(Input::of).iterator(), new ToyPacker(2));
            Thread task = new Thread(
                    () -> {
                        while (server.requests().size() < 2) {
                            sleepQuietly(5);
                        }
                        open.countDown();
                    },
                    "opener");
            task.start();
            assertRefused(
                    ErrorKind.TRANSIENT,
                    "Cannot go on embedding with toy: the thread was interrupted. Run it again.",
                    () -> {
                        Thread.currentThread().interrupt();
                        outcomes.hasNext();
                    });
            assertTrue(Thread.interrupted());
            task.join();
            outcomes.finish(Duration.ofSeconds(30));
            List<Outcome> rest = new ArrayList<>();
            outcomes.forEachRemaining(rest::add);
            int sent = server.requests().size();
            sleepQuietly(200);
            assertEquals(sent, server.requests().size(), "nothing is sent after it");
            assertEquals(4, rest.size());
            rest.forEach(one -> assertEquals(ErrorKind.EXHAUSTED, ((Outcome.Refused) one).kind()));
            outcomes.close();
        }
    }

    @Test
    void badTextIsFoundAndCostsNobodyElse() {
        AtomicInteger refusals = new AtomicInteger();
        try (ToyServer server = refusing("bad", refusals);
                ToyClient client = ToyClient.of(server)) {
            List<Outcome> outcomes = client.embed(16, List.of("g", "h", "i", "j", "bad", "k", "l", "m", "n", "o"));
            assertEquals(
                    1,
                    outcomes.stream()
                            .filter(one -> one instanceof Outcome.Refused)
                            .count());
            assertEquals(new Outcome.Refused(ErrorKind.INVALID_INPUT, "HTTP 400: bad"), outcomes.get(4));
            assertTrue(refusals.get() <= 5, refusals + " refusals");
        }
    }

    @Test
    void firstRefusalIsTriedOnAHarmlessTextBeforeAnyBisecting() {
        try (ToyServer server = new ToyServer((exchange, request) -> ToyServer.send(exchange, 400, "bad"));
                ToyClient client = ToyClient.of(server)) {
            assertRefused(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed with toy: HTTP 400: bad (the provider refuses an option, whatever is sent). Check"
                            + " the options; for a server that takes one text a call and no list, use the platform http"
                            + " with {text} in request.",
                    () -> client.embed(100, texts(100)));
            assertEquals(2, server.requests().size());
        }
    }

    @Test
    void doesNotTryEveryTextOfABatchThatIsRefusedWhateverIsInIt() {
        AtomicInteger refusals = new AtomicInteger();
        try (ToyServer server = refusing("bad", refusals);
                ToyClient client = ToyClient.of(server)) {
            client.embed(1, List.of("good"));
            List<Outcome> outcomes = client.embed(100, java.util.Collections.nCopies(100, "bad"));
            assertTrue(refusals.get() < 120, refusals + " refusals");
            long invalid = outcomes.stream()
                    .filter(one -> ((Outcome.Refused) one).kind() == ErrorKind.INVALID_INPUT)
                    .count();
            assertTrue(invalid > 25 && invalid < 60, invalid + " found out one by one");
            assertTrue(outcomes.stream()
                    .map(one -> (Outcome.Refused) one)
                    .filter(one -> one.kind() != ErrorKind.INVALID_INPUT)
                    .allMatch(one -> one.kind() == ErrorKind.TRANSIENT
                            && one.reason()
                                    .equals("not tried alone, because more than a quarter of the 100 texts of"
                                            + " its call were refused: HTTP 400: bad")));
        }
    }

    @Test
    void callThatIsTooBigIsCutAndTheNextOnesAreNotEvenSentWhole() {
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    if (request.texts().size() > 4) {
                        exchange.getResponseHeaders().set("x-cap", "4");
                        ToyServer.send(exchange, 413, "<html>");
                    } else {
                        ToyServer.embed(exchange, request);
                    }
                });
                ToyClient client =
                        new ToyClient(server, 1, 100, Signer.none(), ToyClient.RULES, Duration.ofSeconds(30))) {
            List<Outcome> outcomes = client.embed(16, texts(160));
            assertTrue(outcomes.stream().allMatch(one -> one instanceof Outcome.Embedded));
            assertTrue(
                    server.requests().stream()
                                    .filter(request -> request.texts().size() > 4)
                                    .count()
                            <= 2,
                    "what waits at the gate already may still be too big");
            assertTrue(client.client.counts().amplification() < 1.1);
        }
    }

    @Test
    void providerThatIsDownStopsTheJobRatherThanRefusingItsTexts() {
        try (ToyServer server = new ToyServer((exchange, request) -> ToyServer.send(exchange, 503, ""));
                ToyClient client = ToyClient.of(server)) {
            assertRefused(
                    ErrorKind.TRANSIENT,
                    "Cannot embed with toy: HTTP 503 (it did not pass with time). Run it again later.",
                    () -> client.embed(10, texts(10)));
            assertEquals(8, server.requests().size(), "two attempts of the call, six of the probe");
        }
    }

    @Test
    void keyIsRefreshedOnceForAllCallsAndThenGivenUp() {
        AtomicInteger keys = new AtomicInteger(1);
        AtomicInteger refreshes = new AtomicInteger();
        Signer signer = new Signer() {
            @Override
            public Map<String, String> sign(URI address, Call call) {
                assertTrue(address.getPath().equals("/v1/embeddings"), address.toString());
                return Map.of("Authorization", "key " + keys.get());
            }

            @Override
            public boolean refresh(Map<String, String> refused) {
                refreshes.incrementAndGet();
                keys.incrementAndGet();
                return true;
            }
        };
        AtomicInteger valid = new AtomicInteger(2);
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    if (request.authorisation().equals("key " + valid.get())) {
                        ToyServer.embed(exchange, request);
                    } else {
                        ToyServer.send(exchange, 401, "");
                    }
                });
                ToyClient client = new ToyClient(server, 8, 100, signer, ToyClient.RULES, Duration.ofSeconds(30))) {
            assertTrue(client.embed(1, texts(30)).stream().allMatch(one -> one instanceof Outcome.Embedded));
            assertEquals(1, refreshes.get());
            valid.set(100);
            assertRefused(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed with toy: HTTP 401 (the provider refuses the key). Change api-key, or what the key may do.",
                    () -> client.embed(1, texts(1)));
            assertEquals(2, refreshes.get());
        }
    }

    @Test
    void providerThatAsksToWaitForADayHasNoQuotaLeft() {
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    exchange.getResponseHeaders().set("Retry-After", "86400");
                    ToyServer.send(exchange, 429, "");
                });
                ToyClient client = ToyClient.of(server)) {
            assertRefused(
                    ErrorKind.EXHAUSTED,
                    "Cannot embed with toy: the provider asks to wait 86400 s (at most 120 s are waited; HTTP 429). Run"
                            + " it again later; what was stored is kept.",
                    () -> client.embed(1, texts(1)));
            assertEquals(1, server.requests().size());
        }
    }

    @Test
    void serverThatSaysSoIsNotAskedAgainOrOnceMore() {
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    if (!List.of("true", "false").contains(request.texts().get(0))) {
                        ToyServer.embed(exchange, request);
                        return;
                    }
                    exchange.getResponseHeaders()
                            .set("x-should-retry", request.texts().get(0));
                    ToyServer.send(exchange, request.texts().get(0).equals("false") ? 503 : 400, "long");
                });
                ToyClient client = ToyClient.of(server)) {
            client.embed(1, List.of("good"));
            assertEquals(
                    List.of(new Outcome.Refused(ErrorKind.INVALID_INPUT, "HTTP 400: long")),
                    client.embed(1, List.of("true")));
            assertEquals(3, server.requests().size(), "one attempt more");
            client.embed(1, List.of("good", "false", "good"));
            assertEquals(
                    1,
                    server.requests().stream()
                            .filter(request -> request.texts().contains("false"))
                            .count());
        }
    }

    /** OkHttp would on its own. */
    @Test
    void serviceThatIsUnavailableForNoTimeIsAskedAgainWithinTheLimitOnly() {
        AtomicInteger asked = new AtomicInteger();
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    if (asked.incrementAndGet() < 3) {
                        exchange.getResponseHeaders().set("Retry-After", "0");
                        ToyServer.send(exchange, 503, "");
                    } else {
                        ToyServer.embed(exchange, request);
                    }
                });
                ToyClient client = ToyClient.of(server)) {
            client.embed(1, texts(1));
            assertEquals(3, client.client.counts().sent());
            assertEquals(2, client.client.counts().waits());
        }
    }

    @Test
    void nobodySendsAnythingWhileOneWasToldToWait() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch noticed = new CountDownLatch(1);
        long[] told = new long[1];
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    int place = asked.incrementAndGet();
                    if (place == 20) {
                        told[0] = System.nanoTime();
                        exchange.getResponseHeaders().set("Retry-After", "5");
                        ToyServer.send(exchange, 429, "");
                        return;
                    }
                    if (place > 20) {
                        // So that a slow client sends nothing new before it has read that it has to wait.
                        awaitQuietly(noticed);
                    }
                    ToyServer.embed(exchange, request);
                });
                // A second lasts a fifth of one.
                ToyClient client =
                        new ToyClient(server, 4, 5, Signer.none(), ToyClient.RULES, Duration.ofMinutes(10))) {
            Thread notices = new Thread(() -> {
                while (client.client.counts().waits() == 0) {
                    Thread.yield();
                }
                noticed.countDown();
            });
            notices.start();
            List<Outcome> outcomes = client.embed(1, texts(100));
            notices.join();
            assertTrue(outcomes.stream().allMatch(one -> one instanceof Outcome.Embedded));
            long pause = Duration.ofSeconds(1).toNanos();
            long meanwhile = server.requests().stream()
                    .mapToLong(ToyServer.Request::nanos)
                    .filter(nanos -> nanos > told[0] && nanos < told[0] + pause)
                    .count();
            assertTrue(meanwhile <= 3, meanwhile + " requests, of which 3 may have been under way");
            assertTrue(server.requests().stream().anyMatch(request -> request.nanos() >= told[0] + pause));
        }
    }

    @Test
    void neverShowsTextsInWhatMayBeLogged() {
        assertEquals("a text of 6 characters and 2 tokens", new PreparedText("secret", 2, false).toString());
        assertFalse(new Packed.Batch(List.of(new PreparedText("secret", 2, false)))
                .toString()
                .contains("secret"));
        assertInstanceOf(
                Packed.Batch.class,
                new ToyPacker(2)
                        .pack(texts(3).stream().map(Input::of).iterator())
                        .next());
    }

    private static ToyServer refusing(String text, AtomicInteger refusals) {
        return new ToyServer((exchange, request) -> {
            if (request.texts().contains(text)) {
                refusals.incrementAndGet();
                ToyServer.send(exchange, 400, "bad");
            } else {
                ToyServer.embed(exchange, request);
            }
        });
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "text " + i).toList();
    }

    private static void sleepQuietly(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
