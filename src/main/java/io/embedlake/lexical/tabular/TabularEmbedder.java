package io.embedlake.lexical.tabular;

import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Input;
import io.embedlake.spi.TokenCounter;
import java.util.List;

/**
 * Makes vectors of rows that come as JSON, without libtorch. Immutable and thread-safe, and so are its sessions, which have nothing of
 * their own; there is nothing to close.
 */
public record TabularEmbedder(TabularModel model) implements Embedder {
    /** Counts the values of rows without a model, so its columns are not checked. */
    public static TokenCounter counter() {
        return new Counter();
    }

    @Override
    public int dimension() {
        return model.network().dimensions();
    }

    @Override
    public boolean hasZeroVectors() {
        return true;
    }

    @Override
    public EmbeddingSession open() {
        return new Session();
    }

    /**
     * A row as input of the network.
     *
     * @param features {@code [width]}
     */
    private record EncodedRow(float[] features, int tokens) implements EncodedInput {}

    private record Counter() implements TokenCounter {
        @Override
        public EncodedInput encode(Input input) {
            String text = input.text();
            return JsonRow.of(text);
        }
    }

    private final class Session implements EmbeddingSession {
        @Override
        public EncodedInput encode(Input input) {
            String text = input.text();
            JsonRow row = JsonRow.of(text);
            return new EncodedRow(model.schema().features(row), row.tokens());
        }

        @Override
        public List<float[]> embed(List<EncodedInput> batch) {
            return batch.stream()
                    .map(text -> model.network().reduce(((EncodedRow) text).features()))
                    .toList();
        }
    }
}
