package io.embedlake.fake.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.embedlake.fake.store.StoreRequest.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultyProxyTest {
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final List<Duration> waits = new CopyOnWriteArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpServer store;
    private FaultyProxy proxy;

    /** A store that knows PUT and GET, and answers requests without a length in chunks. */
    @BeforeEach
    void start() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                byte[] sent = exchange.getRequestBody().readAllBytes();
                if (exchange.getRequestMethod().equals("PUT")) {
                    objects.put(path, sent);
                    exchange.sendResponseHeaders(200, -1);
                    return;
                }
                byte[] object = objects.get(path);
                boolean isHead = exchange.getRequestMethod().equals("HEAD");
                if (isHead) {
                    exchange.getResponseHeaders().set("Content-Length", Integer.toString(object.length));
                }
                exchange.sendResponseHeaders(object == null ? 404 : 200, isHead || object == null ? -1 : 0);
                if (object != null && !isHead) {
                    exchange.getResponseBody().write(object);
                }
            }
        });
        store.start();
        proxy = new FaultyProxy(store.getAddress(), waits::add);
    }

    @AfterEach
    void stop() {
        proxy.close();
        store.stop(0);
    }

    private HttpResponse<byte[]> send(String method, String target, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(proxy.endpoint() + target))
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(String target) throws IOException, InterruptedException {
        return send("GET", target, new byte[0]);
    }

    @Test
    void passesObjectsOnAsTheyAre() throws Exception {
        byte[] object = new byte[300_000];
        new Random(7).nextBytes(object);
        assertEquals(200, send("PUT", "/lake/a/b", object).statusCode());
        assertArrayEquals(object, objects.get("/lake/a/b"));
        assertArrayEquals(object, get("/lake/a/b").body());
        HttpResponse<byte[]> head = send("HEAD", "/lake/a/b", new byte[0]);
        assertEquals("300000", head.headers().firstValue("Content-Length").orElseThrow());
        assertEquals(404, get("/lake/missing").statusCode());
    }

    @Test
    void countsRequestsByKindAndFolder() throws Exception {
        objects.put("/lake", "list".getBytes(StandardCharsets.UTF_8));
        objects.put("/lake/", "list".getBytes(StandardCharsets.UTF_8));
        send("PUT", "/lake/t/_delta_log/0.json", new byte[3], "If-None-Match", "*");
        get("/lake/t/_delta_log/0.json");
        get("/lake/t/part-0");
        get("/lake/?list-type=2&prefix=t%2F_delta_log%2F");
        send("POST", "/lake/?delete", new byte[3]);
        send("PUT", "/lake/t/part-1?partNumber=1&uploadId=x", new byte[3]);
        assertEquals(
                Map.of(Kind.PUT, 1L, Kind.GET, 2L, Kind.LIST, 1L, Kind.DELETE, 1L, Kind.MULTIPART, 1L),
                proxy.traffic().byKind());
        assertEquals(6, proxy.traffic().total());
        assertEquals(1, proxy.traffic().conditional());
        assertEquals(
                " {DELETE=1}\nt {GET=1, MULTIPART=1}\nt/_delta_log {GET=1, LIST=1, PUT=1}",
                proxy.traffic().byFolder());
        proxy.traffic().clear();
        assertEquals(0, proxy.traffic().total());
    }

    @Test
    void refusesAsS3Does() throws Exception {
        proxy.weather(new Weather(Duration.ZERO, 1, 0, 1));
        HttpResponse<byte[]> refused = send("PUT", "/lake/a", new byte[3]);
        assertEquals(503, refused.statusCode());
        assertTrue(new String(refused.body(), StandardCharsets.UTF_8).contains("<Code>SlowDown</Code>"));
        assertEquals(503, send("HEAD", "/lake/a", new byte[0]).statusCode());
        assertTrue(objects.isEmpty());
        assertEquals(2, proxy.traffic().refused());
    }

    @Test
    void resetsConnectionsBeforeAndAfterTheStoreHasObeyed() {
        proxy.weather(new Weather(Duration.ZERO, 0, 1, 1));
        long lost = LongStream.range(0, 60)
                .filter(number -> {
                    assertThrows(IOException.class, () -> send("PUT", "/lake/" + number, new byte[3]));
                    return !objects.containsKey("/lake/" + number);
                })
                .count();
        assertTrue(lost > 0 && lost < 60, lost + " of 60");
        assertTrue(proxy.traffic().reset() >= 60);
    }

    @Test
    void letsRequestsWait() throws Exception {
        objects.put("/lake/a", new byte[1]);
        proxy.weather(new Weather(Duration.ofMillis(30), 0, 0, 1));
        get("/lake/a");
        get("/lake/a");
        assertEquals(List.of(Duration.ofMillis(30), Duration.ofMillis(30)), waits);
    }

    @Test
    void losesWhatAWatcherSays() throws Exception {
        proxy.watcher(new Watcher() {
            @Override
            public Outcome arrived(StoreRequest request) {
                return request.writes("unheard") ? Outcome.IS_LOST : Outcome.GOES_ON;
            }

            @Override
            public Outcome obeyed(StoreRequest request) {
                return request.writes("unanswered") ? Outcome.IS_LOST : Outcome.GOES_ON;
            }
        });
        assertThrows(IOException.class, () -> send("PUT", "/lake/unheard", new byte[3]));
        assertThrows(IOException.class, () -> send("PUT", "/lake/unanswered", new byte[3]));
        assertEquals(200, send("PUT", "/lake/heard", new byte[3]).statusCode());
        assertEquals(java.util.Set.of("/lake/unanswered", "/lake/heard"), objects.keySet());
    }

    @Test
    void drawsFatesByTheirSharesAndTheSeed() {
        Weather weather = new Weather(Duration.ZERO, 0.05, 0.01, 42);
        assertEquals(0.05, share(weather, Weather.Fate.REFUSED), 0.003);
        assertEquals(0.94, share(weather, Weather.Fate.ANSWERED), 0.003);
        assertEquals(0.0033, share(weather, Weather.Fate.CUT), 0.001);
        Weather again = new Weather(Duration.ofMillis(1), 0.05, 0.01, 42);
        assertTrue(LongStream.range(0, 1000).allMatch(number -> weather.fate(number) == again.fate(number)));
    }

    private static double share(Weather weather, Weather.Fate fate) {
        return LongStream.range(0, 100_000)
                        .filter(number -> weather.fate(number) == fate)
                        .count()
                / 100_000.0;
    }
}
