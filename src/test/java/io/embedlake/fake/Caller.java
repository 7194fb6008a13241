package io.embedlake.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Collections;

/** Calls a fake as plainly as can be: what comes back is what the fake sent. Thread-safe. */
final class Caller {
    static final String KEY = "Bearer sk-test";

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeProvider fake;
    private final String[] headers;

    Caller(FakeProvider fake) {
        this(fake, "Authorization", KEY);
    }

    Caller(FakeProvider fake, String... headers) {
        this.fake = fake;
        this.headers = headers;
    }

    /** What came back. */
    record Answer(HttpResponse<byte[]> http) {
        int status() {
            return http.statusCode();
        }

        JsonNode json() {
            try {
                return JSON.readTree(http.body());
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + text(), e);
            }
        }

        String text() {
            return new String(http.body(), java.nio.charset.StandardCharsets.UTF_8);
        }

        String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }
    }

    Answer post(String path, String json) {
        return send(path, "POST", json.replace('\'', '"'));
    }

    Answer get(String path) {
        return send(path, "GET", "");
    }

    private Answer send(String path, String method, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(fake.origin() + path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new Answer(HTTP.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A list of as many texts as JSON. */
    static String texts(int count) {
        return "[" + String.join(",", Collections.nCopies(count, "\"text\"")) + "]";
    }

    /** A text of so many words, as JSON. */
    static String words(int count) {
        return "\"" + "word ".repeat(count).strip() + "\"";
    }

    static float[] floats(JsonNode values) {
        if (values.isTextual()) {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(values.textValue()));
            float[] floats = new float[bytes.capacity() / Float.BYTES];
            bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
            return floats;
        }
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }

    static double length(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}
