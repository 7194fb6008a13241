package io.embedlake.pipeline;

import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.StreamEmbedder;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/**
 * Turns texts into outcomes, in the same order, one for one. Confined to one thread; closed by its creator, before its embedder.
 */
public interface TextPipeline extends AutoCloseable {
    /** What suits an embedder: batches that are computed here, or a stream of what is under way elsewhere. */
    static TextPipeline of(Embedder embedder, BatchSize size, int threads) {
        return embedder instanceof StreamEmbedder stream
                ? new StreamPipeline(stream)
                : new EmbeddingPipeline(embedder, size, threads);
    }

    /** The outcomes of these items, computed lazily. */
    <K> Iterator<EmbeddingPipeline.Result<K>> run(Iterator<EmbeddingPipeline.Item<K>> items);

    /**
     * Why the last run ended before its items did, if it did; then the outcomes of kind {@link io.embedlake.spi.ErrorKind#EXHAUSTED}
     * are of texts that may be embedded another time.
     */
    Optional<EmbedlakeException> stopped();

    /**
     * Ends the last run early: its iterator reads no more items, computes and sends nothing more, and goes on with the outcomes of what is done or was under
     * way; items may miss theirs, or have {@link io.embedlake.spi.ErrorKind#EXHAUSTED}. No other run may follow.
     *
     * @param most how long it waits for what is under way elsewhere; less when the thread is interrupted
     */
    void finish(Duration most);

    @Override
    void close();
}
