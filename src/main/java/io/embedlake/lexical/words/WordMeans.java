package io.embedlake.lexical.words;

import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import java.util.function.IntToDoubleFunction;

/**
 * Makes a text's vector the weighted mean of those of its words. Immutable and thread-safe; closing it does nothing, because the
 * garbage collector unmaps the file.
 */
final class WordMeans implements Embedder {
    private final WordVectors vectors;
    private final IntToDoubleFunction weights;
    private final boolean normalizes;

    /**
     * An embedder.
     *
     * @param normalizes whether vectors are brought to length 1
     */
    WordMeans(WordVectors vectors, Pooling pooling, boolean normalizes) {
        this.vectors = vectors;
        this.weights = pooling.weights(vectors.words());
        this.normalizes = normalizes;
    }

    @Override
    public int dimension() {
        return vectors.dimension();
    }

    @Override
    public EmbeddingSession open() {
        return new WordSession(vectors, weights, normalizes);
    }
}
