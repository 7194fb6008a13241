package io.embedlake.fake.http;

import com.sun.net.httpserver.HttpExchange;
import io.embedlake.fake.settings.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Reads requests from exchanges and writes responses to them, whole or damaged. Stateless. */
public final class Delivery {
    private Delivery() {}

    /** What arrived; a body in gzip is decompressed. */
    public static Request receive(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) ->
                        headers.put(name.toLowerCase(java.util.Locale.ROOT), String.join(",", values)));
        byte[] body = exchange.getRequestBody().readAllBytes();
        if ("gzip".equals(headers.get("content-encoding"))) {
            try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(body))) {
                body = plain.readAllBytes();
            }
        }
        return new Request(exchange.getRequestMethod(), exchange.getRequestURI(), headers, body, Optional.empty());
    }

    /** Sends a response, which the fault damages where it is one of delivery. The caller closes the exchange. */
    public static void send(HttpExchange exchange, Response response, Optional<Fault> fault) throws IOException {
        response.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = response.body();
        if (fault.isEmpty()) {
            write(exchange, response.status(), body);
            return;
        }
        switch (fault.get()) {
            case RESET -> {
                // Nothing is sent: closing the exchange closes the connection.
            }
            case CUT -> {
                exchange.sendResponseHeaders(response.status(), body.length + 1L);
                exchange.getResponseBody().write(body, 0, body.length / 2);
                exchange.getResponseBody().flush();
            }
            case HALF_JSON -> write(exchange, response.status(), Arrays.copyOf(body, body.length / 2));
            case GZIP -> {
                exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                write(exchange, response.status(), compressed(body));
            }
            case CHUNKED -> {
                exchange.sendResponseHeaders(response.status(), 0);
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            }
            default -> write(exchange, response.status(), body);
        }
    }

    private static void write(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (body.length == 0) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static byte[] compressed(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body);
        }
        return bytes.toByteArray();
    }
}
