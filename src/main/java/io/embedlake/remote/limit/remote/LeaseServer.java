package io.embedlake.remote.limit.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** Answers asks over HTTP from clients with the token. It can grant permits and nothing else. Thread-safe; closed by its owner. */
public final class LeaseServer implements AutoCloseable {
    static final String PATH = "/lease";
    private static final int MOST_BYTES = 1 << 20;
    private static final int THREADS = 2;

    private final byte[] authorisation;
    private final UnaryOperator<byte[]> answers;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "embedlake-leases");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Opens a port.
     *
     * @param address where the server can be reached
     * @param token the shared secret of clients
     * @param answers an ask's bytes to a lease's
     * @throws IOException when there is no such address on this machine
     */
    public LeaseServer(InetAddress address, String token, UnaryOperator<byte[]> answers) throws IOException {
        this.authorisation = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        this.answers = answers;
        this.server = HttpServer.create(new InetSocketAddress(address, 0), 0);
        server.setExecutor(threads);
        server.createContext(PATH, this::handle);
        server.start();
    }

    /** The port that it listens to. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!isAuthorised(exchange)) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            byte[] ask = exchange.getRequestBody().readNBytes(MOST_BYTES);
            byte[] lease;
            try {
                lease = answers.apply(ask);
            } catch (RuntimeException e) {
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            exchange.sendResponseHeaders(200, lease.length);
            exchange.getResponseBody().write(lease);
        }
    }

    /** Takes the same time for every wrong token. */
    private boolean isAuthorised(HttpExchange exchange) {
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        return given != null && MessageDigest.isEqual(authorisation, given.getBytes(StandardCharsets.UTF_8));
    }
}
