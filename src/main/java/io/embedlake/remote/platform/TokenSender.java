package io.embedlake.remote.platform;

import io.embedlake.http.Proxies;
import io.embedlake.remote.auth.token.TokenHttp;
import io.embedlake.remote.auth.token.TokenRequest;
import io.embedlake.retry.Retries;
import io.embedlake.retry.RetryRule;
import io.embedlake.retry.Sleeper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Requests tokens, with a few retries after temporary failures, and follows no redirects. Thread-safe; keeps no connection open. */
final class TokenSender implements TokenHttp {
    private static final RetryRule RULE =
            new RetryRule(4, Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(30));
    private static final long MOST_BYTES = 1 << 20;

    private final Retries retries;
    private final OkHttpClient far;
    private final OkHttpClient near;

    TokenSender(Proxies proxies, Sleeper sleeper, RandomGenerator random) {
        this.retries = new Retries(RULE, sleeper, random);
        OkHttpClient client = new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(Duration.ofSeconds(10))
                .callTimeout(Duration.ofSeconds(30))
                .build();
        this.far = proxies.through(client.newBuilder()).build();
        this.near = client.newBuilder()
                .proxy(Proxy.NO_PROXY)
                .connectTimeout(Duration.ofSeconds(1))
                .callTimeout(Duration.ofSeconds(5))
                .build();
    }

    /** A metadata service that does not answer is not retried: there is none. */
    @Override
    public Answer send(TokenRequest request) throws IOException {
        boolean isNear = request.reach() == TokenRequest.Reach.NEAR;
        Retries.Series series = retries.series();
        while (true) {
            IOException failure;
            try {
                Answer answer = once(isNear ? near : far, request);
                if (answer.status() != 429 && answer.status() < 500) {
                    return answer;
                }
                failure = new IOException("HTTP " + answer.status());
            } catch (IOException e) {
                if (isNear) {
                    throw e;
                }
                failure = e;
            }
            IOException last = failure;
            pause(series.failed(Optional.empty()).orElseThrow(() -> last));
        }
    }

    private void pause(Duration wait) throws InterruptedIOException {
        try {
            retries.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static Answer once(OkHttpClient client, TokenRequest asked) throws IOException {
        Request.Builder request = new Request.Builder()
                .url(asked.url().toString())
                .header("Accept", "application/json")
                .method(
                        asked.method(),
                        asked.type().isEmpty()
                                ? null
                                : RequestBody.create(
                                        asked.body().getBytes(StandardCharsets.UTF_8), MediaType.get(asked.type())));
        asked.headers().forEach(request::header);
        try (Response response = client.newCall(request.build()).execute()) {
            return new Answer(response.code(), response.peekBody(MOST_BYTES).bytes());
        }
    }
}
