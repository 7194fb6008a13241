package io.embedlake.benchmark;

import io.embedlake.embed.Device;
import io.embedlake.embed.Embedder;
import io.embedlake.embed.EmbedderRequest;
import io.embedlake.embed.EmbedderSpec;
import io.embedlake.embed.Outcome;
import io.embedlake.embed.Platform;
import io.embedlake.embed.Platforms;
import io.embedlake.pipeline.EmbeddingPipeline;
import io.embedlake.pipeline.RetryPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The engine without Spark: one pipeline a core over texts sorted by length. Closed by whoever loaded it. */
final class BarePipeline implements AutoCloseable {
    private static final int BATCH_TOKENS = 512;

    private final Embedder embedder;
    private final int threads;

    private BarePipeline(Embedder embedder, int threads) {
        this.embedder = embedder;
        this.threads = threads;
    }

    static BarePipeline load(String platformName, int threads) {
        Platform platform = Platforms.named(platformName);
        EmbedderSpec spec = platform.describe(new EmbedderRequest(Optional.empty(), Map.of()));
        return new BarePipeline(platform.load(spec, Device.CPU), threads);
    }

    /** Embeds the texts and says how many tokens they had. */
    long run(List<String> texts) throws Exception {
        List<List<EmbeddingPipeline.Item<Integer>>> shares = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            shares.add(new ArrayList<>());
        }
        List<String> sorted = new ArrayList<>(texts);
        sorted.sort(Comparator.comparingInt(String::length).reversed());
        for (int i = 0; i < sorted.size(); i++) {
            shares.get(i % threads).add(new EmbeddingPipeline.Item<>(i, sorted.get(i)));
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Long>> tasks = new ArrayList<>();
            shares.forEach(share -> tasks.add(() -> embed(share)));
            long tokens = 0;
            for (Future<Long> done : pool.invokeAll(tasks)) {
                tokens += done.get();
            }
            return tokens;
        } finally {
            pool.shutdown();
        }
    }

    private long embed(List<EmbeddingPipeline.Item<Integer>> share) {
        long tokens = 0;
        try (EmbeddingPipeline pipeline = new EmbeddingPipeline(embedder, BATCH_TOKENS, RetryPolicy.local())) {
            Iterator<EmbeddingPipeline.Result<Integer>> results = pipeline.run(share.iterator());
            while (results.hasNext()) {
                tokens += ((Outcome.Embedded) results.next().outcome()).tokens();
            }
        }
        return tokens;
    }

    @Override
    public void close() {
        embedder.close();
    }
}
