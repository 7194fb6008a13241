package io.embedlake.remote.http;

import io.embedlake.remote.format.Call;
import io.embedlake.remote.format.Reply;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSink;

/** Sends a request exactly once: no second attempt, no redirect. Thread-safe; closed by the client. */
final class Sender implements AutoCloseable {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int MOST_BYTES = 256 << 20;

    private final OkHttpClient http;

    /** What becomes of a request; called on a thread of the sender. */
    interface Listener {
        void answered(Reply reply);

        void failed(IOException why);
    }

    Sender(ClientSettings settings, ExecutorService threads) {
        Dispatcher dispatcher = new Dispatcher(threads);
        // Requests here have passed the gate; a queue would delay them beyond the permit's window.
        dispatcher.setMaxRequests(Integer.MAX_VALUE);
        dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
        this.http = settings.proxies()
                .through(new OkHttpClient.Builder())
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(settings.inFlight(), 1, TimeUnit.MINUTES))
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(settings.connectTimeout())
                .readTimeout(settings.timeout())
                .writeTimeout(settings.timeout())
                .callTimeout(settings.timeout())
                .build();
    }

    /** A request that was not sent yet. */
    okhttp3.Call prepare(URI address, Call call, Map<String, String> signature) {
        Request.Builder request = new Request.Builder()
                .url(address.toString())
                .header("User-Agent", "embedlake")
                .post(new Once(call.body()));
        call.headers().forEach(request::header);
        signature.forEach(request::header);
        return http.newCall(request.build());
    }

    /** Sends it and returns at once. */
    void send(okhttp3.Call prepared, Listener listener) {
        prepared.enqueue(new Callback() {
            @Override
            public void onFailure(okhttp3.Call call, IOException e) {
                listener.failed(e);
            }

            @Override
            public void onResponse(okhttp3.Call call, Response response) {
                Reply reply;
                try (response) {
                    reply = Replies.of(response, body(response.body()));
                } catch (IOException e) {
                    listener.failed(e);
                    return;
                }
                listener.answered(reply);
            }
        });
    }

    /** Read into an array of its length, where the server names it, rather than copied there from elsewhere. */
    private static byte[] body(ResponseBody body) throws IOException {
        long length = body.contentLength();
        if (length > MOST_BYTES) {
            throw new IOException("an answer of " + length + " bytes");
        }
        InputStream in = body.byteStream();
        if (length < 0) {
            byte[] bytes = in.readNBytes(MOST_BYTES);
            if (bytes.length == MOST_BYTES) {
                throw new IOException("an answer of more than " + MOST_BYTES + " bytes");
            }
            return bytes;
        }
        byte[] bytes = new byte[(int) length];
        int read = in.readNBytes(bytes, 0, bytes.length);
        if (read < length) {
            throw new EOFException("only " + read + " of " + length + " bytes of the answer");
        }
        return bytes;
    }

    @Override
    public void close() {
        http.dispatcher().cancelAll();
        http.connectionPool().evictAll();
    }

    /** A body that OkHttp must not send again: it would after a 503 with {@code Retry-After: 0}, whatever its settings. */
    private static final class Once extends RequestBody {
        private final byte[] bytes;

        Once(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public MediaType contentType() {
            return JSON;
        }

        @Override
        public long contentLength() {
            return bytes.length;
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.write(bytes);
        }
    }
}
