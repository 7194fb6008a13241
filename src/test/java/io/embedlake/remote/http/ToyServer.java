package io.embedlake.remote.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A provider on this machine that does to each request what a test says. Thread-safe; closed by whoever made it. */
final class ToyServer implements AutoCloseable {
    static final int DIMENSION = 6;
    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        // Otherwise each answer waits for the client's delayed acknowledgement. Read once, before the first server.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** A request that arrived. */
    record Request(long nanos, List<String> texts, String authorisation) {}

    /** What the server does. */
    interface Behaviour {
        void answer(HttpExchange exchange, Request request) throws IOException;
    }

    ToyServer(Behaviour behaviour) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/v1/embeddings", exchange -> {
            try (exchange) {
                Request request = request(exchange);
                requests.add(request);
                behaviour.answer(exchange, request);
            }
        });
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/");
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Vectors for all texts, in order. */
    static void embed(HttpExchange exchange, Request request) throws IOException {
        send(exchange, 200, body(request.texts()));
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    static String body(List<String> texts) {
        List<String> data = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            data.add(one(i, vector(texts.get(i))));
        }
        return body(data, texts.size() * 3);
    }

    static String body(List<String> data, int tokens) {
        return "{\"data\":[" + String.join(",", data) + "],\"tokens\":" + tokens + "}";
    }

    static String one(int index, float[] vector) {
        StringJoiner values = new StringJoiner(",", "{\"index\":" + index + ",\"embedding\":[", "]}");
        for (float value : vector) {
            values.add(Float.toString(value));
        }
        return values.toString();
    }

    /** What the vector of a text must be. */
    static float[] vector(String text) {
        float[] vector = new float[DIMENSION];
        int state = text.hashCode();
        for (int i = 0; i < DIMENSION; i++) {
            state = state * 1664525 + 1013904223;
            vector[i] = (state >> 8) / (float) (1 << 23);
        }
        return vector;
    }

    private static Request request(HttpExchange exchange) throws IOException {
        List<String> texts = new ArrayList<>();
        for (JsonNode text :
                JSON.readTree(exchange.getRequestBody().readAllBytes()).path("input")) {
            texts.add(text.asText());
        }
        String authorisation = exchange.getRequestHeaders().getFirst("Authorization");
        return new Request(System.nanoTime(), texts, authorisation == null ? "" : authorisation);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
