package io.embedlake.remote.platform;

import io.embedlake.http.Proxies;
import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.Outgoing;
import io.embedlake.spi.EmbedlakeException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Reads what a server says of itself: once, and without a complaint where it says nothing, as the calls that follow complain better. Stateless. */
final class ServerPage {
    private static final long MOST_BYTES = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private ServerPage() {}

    /**
     * What it says.
     *
     * @param headers that every call has
     * @param credentials asked for on the way, as there may be none yet where a job is planned
     */
    static Optional<byte[]> read(
            URI address, Map<String, String> headers, Supplier<Credentials> credentials, Proxies proxies) {
        OkHttpClient http = client(proxies);
        try {
            Request.Builder request = new Request.Builder().url(address.toString());
            headers.forEach(request::header);
            credentials
                    .get()
                    .headers(new Outgoing("GET", address, Map.of(), new byte[0]))
                    .forEach(request::header);
            try (Response response = http.newCall(request.build()).execute()) {
                return response.code() == 200
                        ? Optional.of(response.peekBody(MOST_BYTES).bytes())
                        : Optional.empty();
            }
        } catch (IOException | EmbedlakeException e) {
            return Optional.empty();
        }
    }

    /** What keeps this JVM from an answer, whatever the answer is; nothing is sent but a question for the headers of a page. */
    static Optional<String> unreachable(URI address, Proxies proxies) {
        Request request = new Request.Builder().url(address.toString()).head().build();
        try (Response response = client(proxies).newCall(request).execute()) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private static OkHttpClient client(Proxies proxies) {
        return proxies.through(new OkHttpClient.Builder())
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .followRedirects(false)
                .callTimeout(PATIENCE)
                .build();
    }
}
