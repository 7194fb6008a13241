package io.embedlake.pipeline;

import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Input;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An embedder whose answers the test decides. A text has as many tokens as characters, and its vector tells it from others.
 * Refuses to be closed, a second session of a thread, and a session that is used by another thread or after it was closed. Thread-safe
 * as far as the test's answers are.
 */
final class FakeEmbedder implements Embedder {
    static final int DIMENSION = 3;

    final List<String> encoded = Collections.synchronizedList(new ArrayList<>());
    final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());

    /** The threads that have a session. */
    final Set<Thread> open = ConcurrentHashMap.newKeySet();

    /** The threads that ever had one. */
    final Set<Thread> opened = ConcurrentHashMap.newKeySet();

    private boolean forgetting;

    private final Consumer<String> encoder;
    private final Function<List<String>, List<float[]>> network;

    private record Coded(String text) implements EncodedInput {
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
        if (!open.add(Thread.currentThread())) {
            throw new AssertionError("a second session");
        }
        opened.add(Thread.currentThread());
        return new EmbeddingSession() {
            @Override
            public EncodedInput encode(Input input) {
                String text = input.text();
                check();
                if (!forgetting) {
                    encoded.add(text);
                }
                encoder.accept(text);
                return new Coded(text);
            }

            @Override
            public List<float[]> embed(List<EncodedInput> batch) {
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
                open.remove(Thread.currentThread());
            }

            private void check() {
                if (!open.contains(Thread.currentThread())) {
                    throw new AssertionError("the thread has no session, or has closed it");
                }
            }
        };
    }

    @Override
    public void close() {
        throw new AssertionError("the embedder belongs to somebody else");
    }
}
