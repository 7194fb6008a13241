package io.embedlake.remote.platform;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;

/** A server on this machine that says the same to everybody. Thread-safe; closed by whoever started it. */
final class SayingServer implements AutoCloseable {
    private final HttpServer server;
    private final String scheme;

    private SayingServer(HttpServer server, String scheme, int status, String type, String body) {
        this.server = server;
        this.scheme = scheme;
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", type);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
    }

    static SayingServer start(int status, String type, String body) throws IOException {
        return new SayingServer(HttpServer.create(loopback(), 0), "http", status, type, body);
    }

    /** One whose connections are encrypted. */
    static SayingServer start(SSLContext encryption, int status, String type, String body) throws IOException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(encryption));
        return new SayingServer(server, "https", status, type, body);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    String address() {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
