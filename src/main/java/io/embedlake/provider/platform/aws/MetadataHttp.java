package io.embedlake.provider.platform.aws;

import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Speaks to what knows the role of a container or a machine: near, so never through a proxy, and soon given up. Thread-safe. */
final class MetadataHttp {
    private static final long MOST_BYTES = 1 << 16;

    private final OkHttpClient http = new OkHttpClient.Builder()
            .proxy(Proxy.NO_PROXY)
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
            .followRedirects(false)
            .connectTimeout(Duration.ofSeconds(1))
            .callTimeout(Duration.ofSeconds(5))
            .build();

    /**
     * The answer to a GET.
     *
     * @throws IOException when there is none, or one of another status than 200
     */
    String read(URI address, Map<String, String> headers) throws IOException {
        return send(new Request.Builder().get(), address, headers);
    }

    /** The answer to a PUT of nothing. */
    String put(URI address, Map<String, String> headers) throws IOException {
        return send(new Request.Builder().put(RequestBody.create(new byte[0])), address, headers);
    }

    private String send(Request.Builder request, URI address, Map<String, String> headers) throws IOException {
        headers.forEach(request::header);
        try (Response response =
                http.newCall(request.url(address.toString()).build()).execute()) {
            if (response.code() != 200) {
                throw new IOException("HTTP " + response.code());
            }
            return response.peekBody(MOST_BYTES).string();
        }
    }
}
