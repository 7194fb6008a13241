package io.embedlake.provider.platform;

import io.embedlake.provider.auth.token.FormPost;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Sends forms, a few times where the answer says that it may work later; through the proxy of the JVM, to nobody else than is asked for.
 * Thread-safe; keeps no connection open.
 */
final class FormSender implements FormPost {
    private static final MediaType FORM = MediaType.get("application/x-www-form-urlencoded");
    private static final int ATTEMPTS = 4;
    private static final long MOST_BYTES = 1 << 20;
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);

    private final Rest rest;
    private final OkHttpClient http = new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(Duration.ofSeconds(10))
            .callTimeout(Duration.ofSeconds(30))
            .build();

    /** Waits. */
    interface Rest {
        void rest(Duration time) throws InterruptedException;
    }

    FormSender(Rest rest) {
        this.rest = Objects.requireNonNull(rest);
    }

    @Override
    public Answer post(URI url, Map<String, String> headers, String form) throws IOException {
        Duration wait = FIRST_WAIT;
        for (int attempt = 1; ; attempt++) {
            try {
                Answer answer = once(url, headers, form);
                if (answer.status() != 429 && answer.status() < 500) {
                    return answer;
                }
                throw new IOException("HTTP " + answer.status());
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
            pause(wait);
            wait = wait.multipliedBy(2);
        }
    }

    private void pause(Duration wait) throws InterruptedIOException {
        try {
            rest.rest(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private Answer once(URI url, Map<String, String> headers, String form) throws IOException {
        Request.Builder request = new Request.Builder()
                .url(url.toString())
                .header("Accept", "application/json")
                .post(RequestBody.create(form.getBytes(java.nio.charset.StandardCharsets.UTF_8), FORM));
        headers.forEach(request::header);
        try (Response response = http.newCall(request.build()).execute()) {
            return new Answer(response.code(), response.peekBody(MOST_BYTES).bytes());
        }
    }
}
