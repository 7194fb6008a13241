package io.embedlake.remote.batch.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.embedlake.http.Proxies;
import io.embedlake.remote.auth.HeaderKey;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchHttpTest {
    @TempDir
    Path folder;

    private final List<String> authorisations = Collections.synchronizedList(new ArrayList<>());
    private final List<String> teams = Collections.synchronizedList(new ArrayList<>());
    private final List<Duration> waits = new ArrayList<>();
    private HttpServer server;
    private String retryAfter = "0";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::refuse);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void refuse(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            authorisations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            teams.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Team")));
            exchange.getResponseHeaders().add("Retry-After", retryAfter);
            exchange.sendResponseHeaders(503, -1);
        }
    }

    private String origin(String host) {
        return "http://" + host + ":" + server.getAddress().getPort();
    }

    private BatchHttp http() {
        return new BatchHttp(
                URI.create(origin("127.0.0.1")),
                HeaderKey.bearer(() -> BatchApis.KEY),
                Map.of("X-Team", "search"),
                Proxies.none(),
                waits::add);
    }

    @Test
    void asksOnceForWhatCostsMoneyThoughTheServerSaysAgainAtOnce() {
        try (BatchHttp http = http()) {
            EmbedlakeException failed =
                    assertThrows(EmbedlakeException.class, () -> http.postOnce("/batches", Map.of("a", "b")));

            assertEquals(ErrorKind.TRANSIENT, failed.kind());
            assertEquals(
                    "Cannot use the batch API of 127.0.0.1: HTTP 503 (it may pass). Run again: it goes on where it"
                            + " stopped.",
                    failed.getMessage());
            assertEquals(1, authorisations.size());
            assertEquals(List.of("search"), teams);
            assertEquals(List.of(), waits);
        }
    }

    @Test
    void givesUpAfterEightAttemptsNoneEarlierThanTheServerAsks() {
        retryAfter = "5";
        try (BatchHttp http = http()) {
            assertThrows(EmbedlakeException.class, () -> http.get("/batches"));

            assertEquals(7, waits.size());
            assertTrue(waits.stream().allMatch(wait -> wait.toSeconds() >= 5), waits.toString());
        }
    }

    @Test
    void aWaitThatIsTooLongEndsTheRun() {
        retryAfter = "86400";
        try (BatchHttp http = http()) {
            EmbedlakeException failed = assertThrows(EmbedlakeException.class, () -> http.get("/batches"));

            assertEquals(ErrorKind.EXHAUSTED, failed.kind());
            assertEquals(List.of(), waits);
        }
    }

    @Test
    void anotherHostGetsNeitherTheKeyNorTheHeadersOfTheJob() {
        try (BatchHttp http = http()) {
            assertThrows(
                    EmbedlakeException.class,
                    () -> http.downloadFrom(URI.create(origin("localhost") + "/signed"), folder));
        }

        assertFalse(authorisations.isEmpty());
        authorisations.forEach(value -> assertEquals("null", value));
        teams.forEach(value -> assertEquals("null", value));
    }
}
