package io.embedlake.pipeline;

import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * The engine without Spark: one pipeline a thread over texts or images sorted by length, as a job's tasks do it. What a benchmark measures.
 * Immutable; does not close its embedder.
 *
 * @param embedder what computes
 * @param threads how many pipelines work side by side
 * @param size how large batches are, for all pipelines together
 */
public record BarePipeline(Embedder embedder, int threads, BatchSize size) {

    /**
     * What came out.
     *
     * @param vectors a vector an input, in the order of the inputs; empty for one that was refused
     * @param tokens the tokens of all texts, special ones included, or the patches of all images
     * @param paddedTokens the same with the padding of their batches
     * @param seconds how long it took
     */
    public record Run(List<float[]> vectors, long tokens, long paddedTokens, double seconds) {
        /** The share of the computed tokens that was padding. */
        public double padding() {
            return paddedTokens == 0 ? 0 : 1 - (double) tokens / paddedTokens;
        }
    }

    private record Share(long tokens, long paddedTokens) {}

    /** Embeds texts. */
    public Run run(List<String> texts) {
        return embed(texts.stream().map(Input::of).toList());
    }

    /** Embeds texts or images. */
    public Run embed(List<Input> inputs) {
        List<Integer> byLength = IntStream.range(0, inputs.size())
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> inputs.get(i).size())
                        .reversed())
                .toList();
        float[][] vectors = new float[inputs.size()][];
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Share>> tasks = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread;
                tasks.add(() -> share(
                        IntStream.iterate(first, i -> i < byLength.size(), i -> i + threads)
                                .mapToObj(
                                        i -> new EmbeddingPipeline.Item<>(byLength.get(i), inputs.get(byLength.get(i))))
                                .iterator(),
                        vectors));
            }
            long begin = System.nanoTime();
            long tokens = 0;
            long padded = 0;
            for (Future<Share> share : pool.invokeAll(tasks)) {
                tokens += share.get().tokens();
                padded += share.get().paddedTokens();
            }
            return new Run(List.of(vectors), tokens, padded, (System.nanoTime() - begin) / 1e9);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EmbedlakeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbedlakeException(ErrorKind.TRANSIENT, "Cannot finish: interrupted. Start it again.", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private Share share(Iterator<EmbeddingPipeline.Item<Integer>> share, float[][] vectors) {
        long tokens = 0;
        try (EmbeddingPipeline pipeline = new EmbeddingPipeline(embedder, size, 1)) {
            Iterator<EmbeddingPipeline.Result<Integer>> results = pipeline.run(share);
            while (results.hasNext()) {
                EmbeddingPipeline.Result<Integer> result = results.next();
                if (result.outcome() instanceof Outcome.Embedded embedded) {
                    tokens += embedded.tokens();
                    vectors[result.key()] = embedded.vector();
                } else {
                    vectors[result.key()] = new float[0];
                }
            }
            return new Share(tokens, pipeline.paddedTokens());
        }
    }
}
