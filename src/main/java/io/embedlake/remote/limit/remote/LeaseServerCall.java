package io.embedlake.remote.limit.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Proxy;
import java.time.Duration;
import java.util.function.UnaryOperator;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Asks a {@link LeaseServer}: an ask's bytes to a lease's. Thread-safe. */
public final class LeaseServerCall implements UnaryOperator<byte[]> {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final OkHttpClient http = new OkHttpClient.Builder()
            .callTimeout(TIMEOUT)
            // A cluster's own machines are not reached through a proxy.
            .proxy(Proxy.NO_PROXY)
            .build();
    private final HttpUrl address;
    private final String token;

    /** Calls a server. */
    public LeaseServerCall(String host, int port, String token) {
        this.address = new HttpUrl.Builder()
                .scheme("http")
                .host(host)
                .port(port)
                .addPathSegment(LeaseServer.PATH.substring(1))
                .build();
        this.token = token;
    }

    @Override
    public byte[] apply(byte[] ask) {
        Request request = new Request.Builder()
                .url(address)
                .header("Authorization", "Bearer " + token)
                .post(RequestBody.create(ask))
                .build();
        try (Response response = http.newCall(request).execute()) {
            if (response.code() != 200) {
                throw new IOException("the lease server answers with HTTP " + response.code());
            }
            return response.body().bytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
