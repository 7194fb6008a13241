package io.embedlake.spark.limit;

import io.embedlake.remote.limit.Cost;
import io.embedlake.remote.limit.Permit;
import io.embedlake.remote.limit.RateLimiterClient;
import io.embedlake.spi.EmbedlakeException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.spark.api.java.function.FlatMapFunction;

/** Sends requests for some seconds, as many as its limit lets it, and says when it did. Immutable; runs on executors. */
final class SendAtPace implements FlatMapFunction<Iterator<Integer>, String> {
    private static final long serialVersionUID = 1L;
    private static final int QUEUED = 16;

    private final SharedLimit limit;
    private final String address;
    private final int seconds;

    SendAtPace(SharedLimit limit, String address, int seconds) {
        this.limit = limit;
        this.address = address;
        this.seconds = seconds;
    }

    @Override
    public Iterator<String> call(Iterator<Integer> tasks) throws InterruptedException {
        OkHttpClient http = new OkHttpClient();
        RateLimiterClient holder = limit.holder();
        Semaphore free = new Semaphore(QUEUED);
        AtomicReference<EmbedlakeException> failure = new AtomicReference<>();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end && failure.get() == null) {
            free.acquire();
            holder.submit(new Cost(1, 1, 1), new RateLimiterClient.Turn() {
                @Override
                public void go(Permit permit) {
                    free.release();
                    if (System.nanoTime() < end) {
                        http.newCall(new Request.Builder()
                                        .url(address + System.nanoTime())
                                        .build())
                                .enqueue(new Ignored());
                    }
                }

                @Override
                public void fail(EmbedlakeException why) {
                    failure.set(why);
                    free.release();
                }
            });
        }
        Thread.sleep(200);
        http.dispatcher().executorService().shutdown();
        if (failure.get() != null) {
            throw failure.get();
        }
        return List.of("expired " + holder.expired()).iterator();
    }

    private static final class Ignored implements Callback {
        @Override
        public void onFailure(Call call, IOException e) {
            throw new AssertionError(e);
        }

        @Override
        public void onResponse(Call call, Response response) {
            response.close();
        }
    }
}
