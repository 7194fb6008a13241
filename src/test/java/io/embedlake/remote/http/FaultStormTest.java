package io.embedlake.remote.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A provider of which nearly every third answer is wrong in some way. */
class FaultStormTest {
    private static final int CALLS = 10_000;
    private static final int TEXTS_A_CALL = 8;
    /** More than the server takes. */
    private static final int TEXTS_A_CALL_AT_FIRST = 16;

    private static final Duration TIMEOUT = Duration.ofMillis(1500);
    /** Waits pass so many times faster, and calls seem to last so many times longer: time alone ends no call here. */
    private static final int FASTER = 500;

    private static final RetryRules RULES =
            new RetryRules(RetryRules.DEFAULT.rule(), Duration.ofDays(10), Duration.ofDays(10));

    private static final long SEED = Long.getLong("embedlake.test.seed", System.nanoTime());

    @Test
    void everyTextGetsItsVectorOrTheTrueReason() {
        System.out.println("FaultStormTest: -Dembedlake.test.seed=" + SEED);
        Random random = new Random(SEED);
        List<String> texts = IntStream.range(0, CALLS * TEXTS_A_CALL)
                .mapToObj(i -> word(random) + i)
                .toList();
        Storm storm = new Storm(SEED);
        try (ToyServer server = new ToyServer(storm::answer);
                ToyClient client = new ToyClient(server, 32, FASTER, Signer.none(), RULES, TIMEOUT)) {
            long begin = System.nanoTime();
            List<Outcome> outcomes = client.embed(TEXTS_A_CALL_AT_FIRST, texts);
            double seconds = (System.nanoTime() - begin) / 1e9;
            ClientCounts counts = client.client.counts();
            System.out.printf(
                    "FaultStormTest: %.1f s, %s, amplification %.3f%n", seconds, counts, counts.amplification());
            assertEquals(texts.size(), outcomes.size());
            int unlucky = 0;
            for (int i = 0; i < outcomes.size(); i++) {
                unlucky += check(texts.get(i), outcomes.get(i));
            }
            assertTrue(unlucky <= CALLS / 500 * TEXTS_A_CALL, unlucky + " good texts met faults only");
            assertTrue(counts.needed() >= CALLS, counts.toString());
            assertTrue(counts.amplification() < 1.6, "amplification " + counts.amplification());
            assertEquals(storm.received(), counts.sent());
        }
    }

    /** One text in 2000 is bad. */
    private static String word(Random random) {
        return switch (random.nextInt(4000)) {
            case 0 -> "bad";
            case 1 -> "long";
            default -> "good";
        };
    }

    /** Whether a good text was refused since its calls failed each time. */
    private static int check(String text, Outcome outcome) {
        if (outcome instanceof Outcome.Embedded embedded) {
            assertTrue(text.startsWith("good"), text);
            assertArrayEquals(ToyServer.vector(text), embedded.vector(), text);
            return 0;
        }
        Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, outcome);
        if (!text.startsWith("good") && refused.kind() == ErrorKind.INVALID_INPUT) {
            assertEquals("HTTP 400: " + text.replaceAll("[0-9]", ""), refused.reason());
            return 0;
        }
        assertTrue(refused.kind() == ErrorKind.TRANSIENT || refused.kind() == ErrorKind.PROTOCOL, refused.toString());
        return 1;
    }

    /** Thread-safe. */
    private static final class Storm {
        private final Random random;
        private long received;

        Storm(long seed) {
            random = new Random(seed);
        }

        synchronized long received() {
            return received;
        }

        private synchronized int dice() {
            received++;
            return random.nextInt(1000);
        }

        void answer(HttpExchange exchange, ToyServer.Request request) throws IOException {
            List<String> texts = request.texts();
            if (texts.size() > TEXTS_A_CALL) {
                dice();
                ToyServer.send(exchange, 413, "<html>nginx</html>");
                return;
            }
            int fault = dice();
            if (fault < 300) {
                fail(exchange, texts, fault);
                return;
            }
            for (int i = 0; i < texts.size(); i++) {
                if (texts.get(i).startsWith("bad") || texts.get(i).startsWith("long")) {
                    String kind = texts.get(i).replaceAll("[0-9]", "");
                    ToyServer.send(exchange, 400, fault % 2 == 0 ? kind : kind + " " + i);
                    return;
                }
            }
            if (fault < 400) {
                List<String> data = data(texts);
                synchronized (this) {
                    Collections.shuffle(data, random);
                }
                ToyServer.send(exchange, 200, ToyServer.body(data, 3 * texts.size()));
            } else {
                ToyServer.embed(exchange, request);
            }
        }

        private static List<String> data(List<String> texts) {
            return new ArrayList<>(IntStream.range(0, texts.size())
                    .mapToObj(i -> ToyServer.one(i, ToyServer.vector(texts.get(i))))
                    .toList());
        }

        private static void fail(HttpExchange exchange, List<String> texts, int fault) throws IOException {
            switch (fault % 20) {
                case 0 -> refuse(exchange, 429, Map.of("Retry-After", "1"));
                case 1 -> refuse(exchange, 429, Map.of("retry-after-ms", "20"));
                case 2 -> refuse(exchange, 429, Map.of());
                case 3 -> refuse(exchange, 500, Map.of());
                case 4 -> ToyServer.send(exchange, 502, "<html><body>Bad Gateway</body></html>");
                case 5 -> refuse(exchange, 503, Map.of("Retry-After", "0"));
                case 6 -> refuse(exchange, 504, Map.of());
                case 7 -> refuse(exchange, 529, Map.of());
                case 8 -> refuse(exchange, 408, Map.of());
                case 9 -> exchange.close();
                case 10 -> cut(exchange, texts);
                case 11 -> {
                    if (fault == 11) {
                        dawdle();
                    } else {
                        refuse(exchange, 503, Map.of("Retry-After", "2"));
                    }
                }
                case 12 -> ToyServer.send(exchange, 200, "");
                case 13 -> ToyServer.send(exchange, 200, "{\"error\":{\"message\":\"overloaded\"}}");
                case 14 ->
                    ToyServer.send(exchange, 200, ToyServer.body(data(texts).subList(1, texts.size()), 1));
                case 15 ->
                    wrong(exchange, texts, ToyServer.one(texts.size() > 1 ? 1 : 7, new float[ToyServer.DIMENSION]));
                case 16 -> wrong(exchange, texts, "{\"embedding\":[1,2,3,4,5,6]}");
                case 17 -> wrong(exchange, texts, "{\"index\":0,\"embedding\":[1,null,3,4,5,6]}");
                case 18 -> wrong(exchange, texts, "{\"index\":0,\"embedding\":[1,\"NaN\",3,4,5,6]}");
                default -> wrongDimension(exchange, texts);
            }
        }

        private static void wrong(HttpExchange exchange, List<String> texts, String first) throws IOException {
            List<String> data = data(texts);
            data.set(0, first);
            ToyServer.send(exchange, 200, ToyServer.body(data, 1));
        }

        private static void wrongDimension(HttpExchange exchange, List<String> texts) throws IOException {
            List<String> data = IntStream.range(0, texts.size())
                    .mapToObj(i -> ToyServer.one(i, new float[ToyServer.DIMENSION + 1]))
                    .toList();
            ToyServer.send(exchange, 200, ToyServer.body(data, 1));
        }

        /** Fewer bytes than announced. */
        private static void cut(HttpExchange exchange, List<String> texts) throws IOException {
            byte[] body = ToyServer.body(texts).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body, 0, body.length / 2);
            exchange.getResponseBody().flush();
        }

        private static void dawdle() {
            try {
                Thread.sleep(TIMEOUT.toMillis() + 500);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static void refuse(HttpExchange exchange, int status, Map<String, String> headers) throws IOException {
            headers.forEach(exchange.getResponseHeaders()::set);
            ToyServer.send(exchange, status, "");
        }
    }
}
