package io.embedlake.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Faults;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.testing.Property;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private static final Settings SETTINGS =
            Settings.of(Provider.OPENAI).withDimension(8).withSlowness(Duration.ofMillis(150));
    private static final String BODY = "{'model': 'text-embedding-3-small', 'input': ['a', 'b', 'c', 'd', 'e']%s}";

    private FakeProvider fake = FakeProvider.start(SETTINGS, new HashedVectors(8));

    @AfterEach
    void close() {
        fake.close();
    }

    private Caller.Answer meeting(Fault fault, String... options) {
        fake.next(fault);
        return new Caller(fake).post("/v1/embeddings", BODY.formatted(String.join("", options)));
    }

    private JsonNode data(Fault fault, String... options) {
        Caller.Answer answer = meeting(fault, options);
        assertEquals(200, answer.status());
        return answer.json().path("data");
    }

    private static Set<Integer> indices(JsonNode data) {
        Set<Integer> indices = new TreeSet<>();
        data.forEach(item -> {
            if (item.has("index")) {
                indices.add(item.path("index").asInt());
            }
        });
        return indices;
    }

    @Test
    void whatIsWrongWithContents() {
        JsonNode shuffled = data(Fault.SHUFFLED);
        assertEquals(Set.of(0, 1, 2, 3, 4), indices(shuffled));
        List<Integer> order = IntStream.range(0, 5)
                .mapToObj(i -> shuffled.get(i).path("index").asInt())
                .toList();
        assertNotEquals(List.of(0, 1, 2, 3, 4), order);
        assertEquals(Set.of(1, 2, 3, 4), indices(data(Fault.INDEX_MISSING)));
        JsonNode twice = data(Fault.INDEX_TWICE);
        assertEquals(5, twice.size());
        assertEquals(Set.of(0, 1, 2, 3), indices(twice));
        assertEquals(4, data(Fault.VECTOR_MISSING).size());
        assertEquals(6, data(Fault.VECTOR_EXTRA).size());
        assertEquals(1, data(Fault.FUSED).size());
        assertEquals(0, data(Fault.NO_VECTORS).size());
        assertEquals(7, data(Fault.VECTOR_SHORT).get(0).path("embedding").size());
        assertTrue(data(Fault.NULL_ELEMENT).get(0).path("embedding").get(0).isNull());
        assertEquals(9, fake.ledger().timesBilled("a"));
    }

    @Test
    void whatIsWrongWithBase64() {
        String base64 = ", 'encoding_format': 'base64'";
        assertTrue(data(Fault.OTHER_FORM, base64).get(0).path("embedding").isArray());
        assertTrue(data(Fault.OTHER_FORM).get(0).path("embedding").isTextual());
        byte[] doubles = Base64.getDecoder()
                .decode(data(Fault.DOUBLES, base64).get(0).path("embedding").asText());
        assertEquals(64, doubles.length);
        assertTrue(data(Fault.NULL_ELEMENT, base64).get(0).path("embedding").isNull());
        float[] broken = Caller.floats(data(Fault.NAN_ELEMENT, base64).get(0).path("embedding"));
        assertTrue(Float.isNaN(broken[0]));
        assertFalse(Float.isNaN(broken[1]));
        assertTrue(meeting(Fault.NAN_ELEMENT).text().contains("\"embedding\":[NaN,"));
    }

    @Test
    void aRequestMayAskForItsFault() {
        Caller.Answer answer = new Caller(fake).post("/v1/embeddings?_fault=retry-after-ms", BODY.formatted(""));
        assertEquals("50", answer.header("retry-after-ms"));
        assertEquals(java.util.Map.of("retry-after-ms", 1), fake.stats().faults());
    }

    @Test
    void howLongToWait() {
        assertEquals("1", meeting(Fault.RETRY_AFTER_SECONDS).header("Retry-After"));
        assertEquals("0", meeting(Fault.RETRY_AFTER_ZERO).header("Retry-After"));
        assertEquals("86400", meeting(Fault.RETRY_AFTER_DAY).header("Retry-After"));
        assertEquals("50", meeting(Fault.RETRY_AFTER_MS).header("retry-after-ms"));
        Caller.Answer date = meeting(Fault.RETRY_AFTER_DATE);
        Duration delay = Duration.between(
                ZonedDateTime.parse(date.header("Date"), DateTimeFormatter.RFC_1123_DATE_TIME),
                ZonedDateTime.parse(date.header("Retry-After"), DateTimeFormatter.RFC_1123_DATE_TIME));
        assertTrue(delay.toSeconds() >= 0 && delay.toSeconds() <= 3, delay.toString());
        assertEquals(429, date.status());
        assertEquals(0, fake.stats().rowsBilled());
    }

    @Test
    void whatProxiesSay() {
        Caller.Answer gateway = meeting(Fault.HTML_502);
        assertEquals(502, gateway.status());
        assertEquals("text/html", gateway.header("Content-Type"));
        assertTrue(gateway.text().contains("<h1>502 Bad Gateway</h1>"), gateway.text());
        assertEquals(413, meeting(Fault.HTML_413).status());
    }

    @Test
    void whatGoesWrongOnTheWay() throws IOException {
        for (Fault fault : List.of(Fault.CUT, Fault.RESET)) {
            assertThrows(UncheckedIOException.class, () -> meeting(fault));
        }
        Caller.Answer half = meeting(Fault.HALF_JSON);
        assertEquals(200, half.status());
        assertThrows(AssertionError.class, half::json);
        Caller.Answer packed = meeting(Fault.GZIP);
        assertEquals("gzip", packed.header("Content-Encoding"));
        try (GZIPInputStream plain =
                new GZIPInputStream(new ByteArrayInputStream(packed.http().body()))) {
            assertEquals(
                    5,
                    new com.fasterxml.jackson.databind.ObjectMapper()
                            .readTree(plain)
                            .path("data")
                            .size());
        }
        Caller.Answer chunked = meeting(Fault.CHUNKED);
        assertEquals("chunked", chunked.header("Transfer-Encoding"));
        assertEquals(5, chunked.json().path("data").size());
        long begin = System.nanoTime();
        assertEquals(200, meeting(Fault.SLOW).status());
        assertTrue(System.nanoTime() - begin >= 150_000_000L);
        // Whatever is lost on the way was made, and is paid for. The client sends again what it got no answer to at
        // all.
        assertTrue(
                fake.ledger().timesBilled("a") >= 6, "billed " + fake.ledger().timesBilled("a"));
    }

    @Test
    void everyProviderHasAnAnswerForEveryFault() {
        for (Provider provider : Provider.values()) {
            fake.close();
            fake = FakeProvider.start(Settings.of(provider).withSlowness(Duration.ZERO), new HashedVectors(8));
            Caller caller = new Caller(fake, "Authorization", "Bearer x", "api-key", "x", "x-goog-api-key", "x");
            for (Fault fault : EnumSet.complementOf(EnumSet.of(Fault.RESET, Fault.CUT))) {
                fake.next(fault);
                Caller.Answer answer = caller.post(Examples.path(provider), Examples.body(provider));
                boolean looksAtItself =
                        provider == Provider.OLLAMA && (fault == Fault.NULL_ELEMENT || fault == Fault.NAN_ELEMENT);
                boolean refused =
                        fault.stage() == Fault.Stage.STATUS && fault != Fault.ERROR_IN_SUCCESS || looksAtItself;
                assertEquals(refused, answer.status() >= 400, provider + " " + fault + ": " + answer.text());
            }
        }
    }

    @Test
    void theShareOfFaultsIsAsAsked() {
        Faults faults = Faults.of(0.2, 1, Fault.recoverable());
        long drawn = IntStream.range(0, 20_000)
                .filter(i -> faults.draw("request " + i, 0).isPresent())
                .count();
        assertEquals(4000, drawn, 300);
        Set<Fault> kinds = EnumSet.noneOf(Fault.class);
        IntStream.range(0, 5000).forEach(i -> faults.draw("request " + i, 0).ifPresent(kinds::add));
        assertEquals(Fault.recoverable(), kinds);
    }

    @Test
    void aDrawDependsOnTheRequestAndOnNothingElse() {
        Property.holds(200, random -> {
            Faults faults = Faults.of(0.5, random.nextLong(), Fault.recoverable());
            String request = Long.toHexString(random.nextLong());
            Optional<Fault> first = faults.draw(request, 0);
            faults.draw("another", 0);
            assertEquals(first, faults.draw(request, 0));
        });
        Faults half = Faults.of(0.5, 1, Fault.recoverable());
        assertTrue(
                IntStream.range(0, 60).anyMatch(time -> half.draw("one", time).isEmpty()),
                "a request that is sent again and again gets through");
    }

    @Test
    void drawnFaultsAreTheSameWhenTheRequestsComeInAnotherOrder() {
        Settings settings = SETTINGS.withFaults(Faults.of(0.5, 3, Set.of(Fault.SERVER_ERROR)));
        List<Integer> forward =
                statuses(settings, IntStream.range(0, 30).boxed().toList());
        List<Integer> backward =
                statuses(settings, IntStream.range(0, 30).mapToObj(i -> 29 - i).toList());
        assertEquals(
                forward,
                IntStream.range(0, 30).mapToObj(i -> backward.get(29 - i)).toList());
        assertTrue(forward.contains(200) && forward.contains(500), forward.toString());
    }

    private List<Integer> statuses(Settings settings, List<Integer> texts) {
        fake.close();
        fake = FakeProvider.start(settings, new HashedVectors(8));
        Caller caller = new Caller(fake);
        return texts.stream()
                .map(i -> caller.post(
                                "/v1/embeddings", "{'model': 'text-embedding-3-small', 'input': 'text " + i + "'}")
                        .status())
                .toList();
    }
}
