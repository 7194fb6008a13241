package io.embedlake.remote.batch.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.http.Proxies;
import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.Outgoing;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.Reading.Fault;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.json.Json;
import io.embedlake.remote.http.Replies;
import io.embedlake.retry.Retries;
import io.embedlake.retry.RetryRule;
import io.embedlake.retry.Sleeper;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;

/**
 * Calls a provider's file and job endpoints, on the caller's thread: retries what is free, and sends once what costs money. Only the
 * endpoint's own host gets the key. Thread-safe; closed by its owner.
 */
public final class BatchHttp implements AutoCloseable {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final ErrorClassifier FAULTS = ErrorClassifier.with();
    private static final RetryRule RULE =
            new RetryRule(8, Duration.ofSeconds(2), Duration.ofSeconds(128), Duration.ofMinutes(10));
    private static final Set<Cause> AGAIN = Set.of(Cause.RATE, Cause.TRANSIENT, Cause.LOADING);
    private static final long MOST_ERROR_BYTES = 1 << 20;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final URI endpoint;
    private final Credentials credentials;
    private final Map<String, String> extra;
    private final Retries retries;
    private final OkHttpClient http;

    /**
     * A client of an endpoint.
     *
     * @param endpoint the base URL that paths follow
     * @param extra headers of every request to it
     * @param proxies what requests go through
     */
    public BatchHttp(
            URI endpoint, Credentials credentials, Map<String, String> extra, Proxies proxies, Sleeper sleeper) {
        this.endpoint = Objects.requireNonNull(endpoint);
        this.credentials = Objects.requireNonNull(credentials);
        this.extra = Map.copyOf(extra);
        this.retries = new Retries(RULE, sleeper, new Random());
        this.http = proxies.through(new OkHttpClient.Builder())
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .connectTimeout(Duration.ofSeconds(10))
                .readTimeout(TIMEOUT)
                .writeTimeout(TIMEOUT)
                .build();
    }

    /** What may be done with an answer that is a success. */
    private interface Taker<T> {
        T take(Response response) throws IOException;
    }

    /** A value, or why there is none. Immutable. */
    private record Tried<T>(Optional<T> value, Optional<Fault> fault) {
        static <T> Tried<T> of(T value) {
            return new Tried<>(Optional.of(value), Optional.empty());
        }

        static <T> Tried<T> failed(Fault why) {
            return new Tried<>(Optional.empty(), Optional.of(why));
        }
    }

    /** The JSON at a path. */
    JsonNode get(String path) {
        return repeat(at(path), Optional.empty(), Map.of(), BatchHttp::json);
    }

    /** The answer to JSON that is sent once: before sending it again, callers check its effect. */
    JsonNode postOnce(String path, Object body) {
        return once(at(path), new Once(json(body)), BatchHttp::json);
    }

    /** The answer to a body that may be sent again. */
    JsonNode send(String path, RequestBody body) {
        return repeat(at(path), Optional.of(body), Map.of(), BatchHttp::json);
    }

    /** The answer to a body that may be sent again, at an address that the server has named. */
    JsonNode sendTo(URI address, RequestBody body, Map<String, String> headers) {
        return repeat(address, Optional.of(body), headers, BatchHttp::json);
    }

    /** A header of the answer to JSON that may be sent again. */
    String headerOf(String path, Object body, Map<String, String> headers, String name) {
        return repeat(at(path), Optional.of(json(body)), headers, response -> response.header(name, ""));
    }

    /** Writes what is at a path into a file of a folder. */
    Path download(String path, Path folder) {
        return downloadFrom(at(path), folder);
    }

    /** Writes what is at an address into a file of a folder. */
    Path downloadFrom(URI address, Path folder) {
        return repeat(address, Optional.empty(), Map.of(), response -> {
            Path file = Files.createTempFile(folder, "answers", ".jsonl");
            try (InputStream in = response.body().byteStream()) {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                return file;
            } catch (IOException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        });
    }

    @Override
    public void close() {
        http.dispatcher().cancelAll();
        http.connectionPool().evictAll();
    }

    private URI at(String path) {
        return URI.create(endpoint + path);
    }

    private static RequestBody json(Object body) {
        return RequestBody.create(Json.write(body).getBytes(StandardCharsets.UTF_8), JSON);
    }

    private static JsonNode json(Response response) throws IOException {
        JsonNode tree = Json.tree(response.body().bytes());
        if (!tree.isObject()) {
            throw new IOException("an answer that is no JSON object");
        }
        return tree;
    }

    private <T> T repeat(URI address, Optional<RequestBody> body, Map<String, String> headers, Taker<T> taker) {
        Retries.Series series = retries.series();
        while (true) {
            Tried<T> tried = attempt(address, body, headers, taker);
            if (tried.value().isPresent()) {
                return tried.value().get();
            }
            Fault fault = tried.fault().orElseThrow();
            rest(Optional.of(fault.cause())
                    .filter(AGAIN::contains)
                    .flatMap(cause -> series.failed(fault.delay()))
                    .orElseThrow(() -> failure(fault)));
        }
    }

    private <T> T once(URI address, RequestBody body, Taker<T> taker) {
        Tried<T> tried = attempt(address, Optional.of(body), Map.of(), taker);
        return tried.value().orElseThrow(() -> failure(tried.fault().orElseThrow()));
    }

    /** One request, and a second one with a new key where the old one had expired: the first had no effect. */
    private <T> Tried<T> attempt(URI address, Optional<RequestBody> body, Map<String, String> headers, Taker<T> taker) {
        Map<String, String> signature = signature(address, body);
        Tried<T> tried = send(address, body, headers, signature, taker);
        boolean isRefused = tried.fault()
                .filter(fault -> fault.cause() == Cause.AUTHORISATION)
                .isPresent();
        return isRefused && !signature.isEmpty() && credentials.renew(signature)
                ? send(address, body, headers, signature(address, body), taker)
                : tried;
    }

    private boolean isOurs(URI address) {
        return Objects.equals(address.getHost(), endpoint.getHost())
                && Objects.equals(address.getScheme(), endpoint.getScheme());
    }

    private Map<String, String> signature(URI address, Optional<RequestBody> body) {
        return isOurs(address)
                ? credentials.headers(new Outgoing(body.isPresent() ? "POST" : "GET", address, Map.of(), new byte[0]))
                : Map.of();
    }

    private <T> Tried<T> send(
            URI address,
            Optional<RequestBody> body,
            Map<String, String> headers,
            Map<String, String> signature,
            Taker<T> taker) {
        Request.Builder request = new Request.Builder().url(address.toString()).header("User-Agent", "embedlake");
        headers.forEach(request::header);
        if (isOurs(address)) {
            extra.forEach(request::header);
        }
        signature.forEach(request::header);
        body.ifPresent(request::post);
        try (Response response = http.newCall(request.build()).execute()) {
            return response.isSuccessful()
                    ? Tried.of(taker.take(response))
                    : Tried.failed(FAULTS.ofError(
                            Replies.of(
                                    response,
                                    response.peekBody(MOST_ERROR_BYTES).bytes()),
                            0));
        } catch (IOException e) {
            return Tried.failed(
                    Fault.of(Cause.TRANSIENT, "no answer: " + e.getClass().getSimpleName()));
        }
    }

    private EmbedlakeException failure(Fault fault) {
        ErrorKind kind = RULE.asksTooMuch(fault.delay())
                ? ErrorKind.EXHAUSTED
                : fault.cause().kind();
        String what = "Cannot use the batch API of " + endpoint.getHost() + ": " + fault.reason();
        return switch (kind) {
            case TRANSIENT, THROTTLED ->
                new EmbedlakeException(kind, what + " (it may pass). Run again: it goes on where it stopped.");
            case EXHAUSTED ->
                new EmbedlakeException(kind, what + " (the quota is used up). Run again when there is more of it.");
            case PROTOCOL -> new EmbedlakeException(kind, what + " (an answer of another API). Check the endpoint.");
            default ->
                new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        what + " (the provider refuses it). Check the key, the model and its options.");
        };
    }

    /** Lets time pass. */
    void rest(Duration time) {
        try {
            retries.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbedlakeException(
                    ErrorKind.TRANSIENT,
                    "Cannot wait for " + endpoint.getHost() + ": interrupted (the run was stopped). Run again.",
                    e);
        }
    }

    /** A body that OkHttp must not send again: it would after a 503 with {@code Retry-After: 0}, whatever its settings. */
    private static final class Once extends RequestBody {
        private final RequestBody body;

        Once(RequestBody body) {
            this.body = body;
        }

        @Override
        public MediaType contentType() {
            return body.contentType();
        }

        @Override
        public long contentLength() throws IOException {
            return body.contentLength();
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            body.writeTo(sink);
        }
    }
}
