package io.embedlake.pipeline;

import io.embedlake.embed.Embedder;
import io.embedlake.embed.EmbeddingSession;
import io.embedlake.embed.EncodedText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An embedder whose answers the test decides. A text has as many tokens as characters, and its vector tells it from others.
 * Refuses to be closed, a second session, and a session that is used after it was closed.
 */
final class FakeEmbedder implements Embedder {
    static final int DIMENSION = 3;

    final List<String> encoded = new ArrayList<>();
    final List<Integer> batches = new ArrayList<>();
    boolean open;

    private boolean forgetting;

    private final Consumer<String> encoder;
    private final Function<List<String>, List<float[]>> network;

    private record Coded(String text) implements EncodedText {
        @Override
        public int tokens() {
            return Math.max(1, text.length());
        }

        @Override
        public boolean truncated() {
            return text.startsWith("truncated");
        }
    }

    /**
     * A fake.
     *
     * @param encoder throws for texts that cannot be encoded
     * @param network answers a batch, or throws
     */
    FakeEmbedder(Consumer<String> encoder, Function<List<String>, List<float[]>> network) {
        this.encoder = encoder;
        this.network = network;
    }

    /** A fake that takes every text and answers a batch with this. */
    static FakeEmbedder answering(Function<List<String>, List<float[]>> network) {
        return new FakeEmbedder(text -> {}, network);
    }

    /** From now on it does not remember what it was asked. */
    FakeEmbedder forgetting() {
        forgetting = true;
        return this;
    }

    /** The right answer. */
    static List<float[]> vectors(List<String> batch) {
        return new ArrayList<>(batch.stream().map(FakeEmbedder::vector).toList());
    }

    /** The right vector of a text. */
    static float[] vector(String text) {
        return new float[] {text.length(), text.hashCode() % 1000, 1};
    }

    @Override
    public int dimension() {
        return DIMENSION;
    }

    @Override
    public EmbeddingSession open() {
        if (open) {
            throw new AssertionError("a second session");
        }
        open = true;
        return new EmbeddingSession() {
            @Override
            public EncodedText encode(String text) {
                check();
                if (!forgetting) {
                    encoded.add(text);
                }
                encoder.accept(text);
                return new Coded(text);
            }

            @Override
            public List<float[]> embed(List<EncodedText> batch) {
                check();
                if (!forgetting) {
                    batches.add(batch.size());
                }
                return network.apply(
                        batch.stream().map(text -> ((Coded) text).text()).toList());
            }

            @Override
            public void close() {
                check();
                open = false;
            }

            private void check() {
                if (!open) {
                    throw new AssertionError("the session was closed");
                }
            }
        };
    }

    @Override
    public void close() {
        throw new AssertionError("the embedder belongs to somebody else");
    }
}
