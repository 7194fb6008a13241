package io.embedlake.remote.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fault is the server's, the call's or a text's: only a text that fails alone while others pass is refused. */
class WhoseFaultTest {
    private static final int FASTER = 200;
    private static final int TEXTS_A_CALL = 64;
    private static final int RESET = 0;

    /** On a busy machine calls last long, and seem to last {@link #FASTER} times as long: time ends no call. */
    private static final RetryRules PATIENT =
            new RetryRules(RetryRules.DEFAULT.rule(), Duration.ofDays(10), Duration.ofDays(10));

    private record Run(List<Outcome> outcomes, Optional<EmbedlakeException> stopped) {
        long refused() {
            return outcomes.stream()
                    .filter(outcome ->
                            outcome instanceof Outcome.Refused refused && refused.kind() != ErrorKind.EXHAUSTED)
                    .count();
        }
    }

    private static ToyClient client(ToyServer server, int inFlight) {
        return client(server, inFlight, RetryRules.DEFAULT);
    }

    private static ToyClient client(ToyServer server, int inFlight, RetryRules rules) {
        return new ToyClient(server, inFlight, FASTER, Signer.none(), rules, Duration.ofSeconds(30));
    }

    private static Run run(ToyClient client, int textsACall, List<String> texts) {
        List<Outcome> outcomes = new ArrayList<>();
        try (Outcomes all = client.client.run(texts.stream().map(Input::of).iterator(), new ToyPacker(textsACall))) {
            all.forEachRemaining(outcomes::add);
            return new Run(outcomes, all.stopped());
        }
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "text " + i).toList();
    }

    private static List<String> textsWithPoison(int count, int... places) {
        List<String> texts = new ArrayList<>(texts(count));
        for (int place : places) {
            texts.set(place, "poison " + place);
        }
        return texts;
    }

    private static void fail(HttpExchange exchange, int status) throws IOException {
        if (status == RESET) {
            exchange.close();
        } else {
            ToyServer.send(exchange, status, "{\"error\": \"do embedding request: Post: EOF\"}");
        }
    }

    private static void assertAllButPoison(List<String> texts, Run run) {
        assertEquals(Optional.empty(), run.stopped());
        assertEquals(texts.size(), run.outcomes().size());
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).startsWith("poison")) {
                assertInstanceOf(Outcome.Refused.class, run.outcomes().get(i));
            } else {
                Outcome.Embedded embedded =
                        assertInstanceOf(Outcome.Embedded.class, run.outcomes().get(i), texts.get(i));
                assertArrayEquals(ToyServer.vector(texts.get(i)), embedded.vector());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 424, 404, 502, RESET})
    void textThatFailsEveryCallItIsInIsRejectedAlone(int status) {
        List<String> texts = textsWithPoison(286, 70, 200);
        for (int inFlight : new int[] {1, 8}) {
            try (ToyServer server = new ToyServer((exchange, request) -> {
                        if (request.texts().stream().anyMatch(text -> text.startsWith("poison"))) {
                            fail(exchange, status);
                        } else {
                            ToyServer.embed(exchange, request);
                        }
                    });
                    ToyClient client = client(server, inFlight)) {
                assertEquals(0, run(client, 1, texts(1)).refused());
                assertAllButPoison(texts, run(client, TEXTS_A_CALL, texts));
                assertTrue(client.client.counts().sent() < 120, client.client.counts() + "");
            }
        }
    }

    @Test
    void outageIsWaitedForAndRefusesNothing() {
        AtomicInteger calls = new AtomicInteger();
        AtomicLong since = new AtomicLong();
        long outage = Duration.ofSeconds(25).dividedBy(FASTER).toNanos();
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    if (calls.incrementAndGet() > 4) {
                        since.compareAndSet(0, System.nanoTime());
                        if (System.nanoTime() - since.get() < outage) {
                            fail(exchange, 502);
                            return;
                        }
                    }
                    ToyServer.embed(exchange, request);
                });
                ToyClient client = client(server, 8)) {
            List<String> texts = texts(2000);
            assertAllButPoison(texts, run(client, 16, texts));
            assertTrue(client.client.counts().sent() < 125 + 100, client.client.counts() + "");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Sign in</html>", "{\"data\":[]}"})
    void serverWhoseGoodAnswersTurnBadIsDownAndNoTextIsRefused(String body) {
        AtomicInteger calls = new AtomicInteger();
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    if (calls.incrementAndGet() > 4) {
                        ToyServer.send(exchange, 200, body);
                    } else {
                        ToyServer.embed(exchange, request);
                    }
                });
                ToyClient client = client(server, 8)) {
            Run run = run(client, 10, texts(2000));
            assertEquals(0, run.refused());
            assertEquals(ErrorKind.TRANSIENT, run.stopped().orElseThrow().kind());
            assertTrue(
                    run.stopped().get().getMessage().contains("it did not pass with time"),
                    run.stopped().get().getMessage());
            assertEquals(
                    40,
                    run.outcomes().stream()
                            .filter(outcome -> outcome instanceof Outcome.Embedded)
                            .count());
            assertTrue(calls.get() < 150, calls + " calls in ten minutes");
        }
    }

    @Test
    void modelThatWasSwappedStopsTheJob() {
        AtomicInteger calls = new AtomicInteger();
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    if (calls.incrementAndGet() > 3) {
                        List<String> data = IntStream.range(0, request.texts().size())
                                .mapToObj(i -> ToyServer.one(i, new float[] {1, 2, 3, 4}))
                                .toList();
                        ToyServer.send(exchange, 200, ToyServer.body(data, 1));
                    } else {
                        ToyServer.embed(exchange, request);
                    }
                });
                ToyClient client = client(server, 2)) {
            Run run = run(client, 10, texts(200));
            assertEquals(0, run.refused());
            assertEquals(ErrorKind.CONFIGURATION, run.stopped().orElseThrow().kind());
            assertEquals(
                    "Cannot embed with toy: vectors of 4 values instead of 6 (the model behind the endpoint has changed)."
                            + " Serve the model of before, or set model to the name of the new one: its vectors are kept"
                            + " apart.",
                    run.stopped().get().getMessage());
            assertTrue(calls.get() < 20, calls + " calls");
        }
    }

    /** Two failures of other kinds and one answer of another length were taken for three answers of another length. */
    @Test
    void oneAnswerOfAnotherLengthAmongFailuresIsNoSwappedModel() {
        AtomicInteger probes = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    boolean isProbe = !request.texts().get(0).startsWith("text");
                    int probe = isProbe ? probes.incrementAndGet() : probes.get();
                    if (calls.incrementAndGet() <= 3 || probe > 3) {
                        ToyServer.embed(exchange, request);
                    } else if (isProbe && probe == 3) {
                        ToyServer.send(exchange, 200, ToyServer.body(List.of(ToyServer.one(0, new float[7])), 1));
                    } else {
                        fail(exchange, 502);
                    }
                });
                ToyClient client = client(server, 2)) {
            List<String> texts = texts(200);
            assertAllButPoison(texts, run(client, 10, texts));
            assertTrue(probes.get() > 3, probes + " probes");
        }
    }

    @Test
    void textWhoseAnswersAreBrokenWhileOthersPassIsGivenUpAlone() {
        List<String> texts = textsWithPoison(64, 17);
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    if (request.texts().contains("poison 17")) {
                        ToyServer.send(exchange, 200, "{\"data\":[");
                    } else {
                        ToyServer.embed(exchange, request);
                    }
                });
                ToyClient client = client(server, 4)) {
            Run run = run(client, 16, texts);
            assertAllButPoison(texts, run);
            assertEquals(ErrorKind.PROTOCOL, ((Outcome.Refused) run.outcomes().get(17)).kind());
        }
    }

    @Test
    void oneTextACallSurvivesThirtyPercentOfBrokenAnswers() {
        long seed = Long.getLong("embedlake.test.seed", System.nanoTime());
        System.out.println("WhoseFaultTest: -Dembedlake.test.seed=" + seed);
        Random random = new Random(seed);
        List<String> broken =
                List.of("{\"data\":[", "{\"data\":[]}", "{\"data\":[{\"index\":0,\"embedding\":[1,null,3,4,5,6]}]}");
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    int dice;
                    synchronized (random) {
                        dice = random.nextInt(10);
                    }
                    if (dice < 3) {
                        ToyServer.send(exchange, 200, broken.get(dice));
                    } else {
                        ToyServer.embed(exchange, request);
                    }
                });
                ToyClient client = client(server, 32, PATIENT)) {
            List<String> texts = texts(4000);
            Run run = run(client, 1, texts);
            assertEquals(Optional.empty(), run.stopped());
            // By chance one in a million.
            assertTrue(run.refused() <= 1, run.refused() + " texts were refused");
            assertEquals(texts.size(), run.outcomes().size());
            assertTrue(client.client.counts().amplification() < 1.6, client.client.counts() + "");
        }
    }

    @Test
    void sizeThatAServerShowsByRefusingOnlyIsLearntForLaterCalls() {
        for (int status : new int[] {400, 500}) {
            AtomicInteger tooBig = new AtomicInteger();
            try (ToyServer server = new ToyServer((exchange, request) -> {
                        if (request.texts().size() > 20) {
                            tooBig.incrementAndGet();
                            ToyServer.send(exchange, status, "no");
                        } else {
                            ToyServer.embed(exchange, request);
                        }
                    });
                    ToyClient client = client(server, 2)) {
                List<String> texts = texts(2000);
                assertAllButPoison(texts, run(client, TEXTS_A_CALL, texts));
                assertTrue(tooBig.get() < 30, tooBig + " calls that were too big");
            }
        }
    }

    @Test
    void callIsSentAgainToTheAddressThatItsHostNames() {
        try (ToyServer server = new ToyServer((exchange, request) -> {
                    if (exchange.getRequestURI().getPath().endsWith("/")) {
                        ToyServer.embed(exchange, request);
                    } else {
                        exchange.getResponseHeaders().set("Location", "/v1/embeddings/");
                        ToyServer.send(exchange, 307, "");
                    }
                });
                ToyClient client = client(server, 1)) {
            List<String> texts = texts(100);
            assertAllButPoison(texts, run(client, 10, texts));
            assertEquals(11, server.requests().size(), "the new address is remembered");
        }
    }

    @Test
    void serverThatTakesNoListIsExplained() {
        try (ToyServer server = new ToyServer((exchange, request) -> ToyServer.send(exchange, 400, "40001"));
                ToyClient client = client(server, 1)) {
            String message = run(client, 10, texts(10)).stopped().orElseThrow().getMessage();
            assertTrue(message.contains("takes one text a call and no list"), message);
            assertFalse(message.contains("text 1"), message);
        }
    }
}
