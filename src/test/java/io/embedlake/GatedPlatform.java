package io.embedlake;

import io.embedlake.lexical.HashingPlatform;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.Input;
import io.embedlake.spi.Platform;
import io.embedlake.spi.TokenCounter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The platform {@code test-gated}: hashing that stops at a gate after so many texts and goes on when it opens. Its gate is static, because
 * every task finds a platform of its own; thread-safe.
 */
public final class GatedPlatform implements Platform {
    static final String NAME = "test-gated";

    private static final HashingPlatform HASHING = new HashingPlatform();
    private static final AtomicLong LEFT = new AtomicLong();
    private static final AtomicInteger LOADED = new AtomicInteger();
    private static final AtomicLong EMBEDDED = new AtomicLong();
    private static volatile CountDownLatch arrived = new CountDownLatch(1);
    private static volatile CountDownLatch opened = new CountDownLatch(0);

    /** Closes the gate behind so many texts. */
    static void closeAfter(long texts) {
        arrived = new CountDownLatch(1);
        opened = new CountDownLatch(1);
        LEFT.set(texts);
    }

    /** Waits until somebody stands at the gate. */
    static void awaitArrival() throws InterruptedException {
        arrived.await();
    }

    static void open() {
        LEFT.set(Long.MAX_VALUE);
        opened.countDown();
    }

    /** How many embedders are loaded now. */
    static int loaded() {
        return LOADED.get();
    }

    /** How many texts have passed since the last call. */
    static long embedded() {
        return EMBEDDED.getAndSet(0);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean isListed() {
        return false;
    }

    @Override
    public List<String> options() {
        return List.of();
    }

    @Override
    public EmbedderSpec describe(EmbedderRequest request) {
        EmbedderSpec hashing = HASHING.describe(new EmbedderRequest(Optional.empty(), Map.of("dimensions", "32")));
        return new EmbedderSpec(NAME, "gated", Fingerprint.of(Map.of("platform", NAME)), hashing.settings());
    }

    @Override
    public TokenCounter counter(EmbedderSpec spec) {
        return HASHING.counter(spec);
    }

    @Override
    public Embedder load(EmbedderSpec spec, Device device) {
        Embedder hashing = HASHING.load(spec, Device.CPU);
        LOADED.incrementAndGet();
        return new Embedder() {
            @Override
            public int dimension() {
                return hashing.dimension();
            }

            @Override
            public EmbeddingSession open() {
                return new Session(hashing.open());
            }

            @Override
            public void close() {
                LOADED.decrementAndGet();
                hashing.close();
            }
        };
    }

    @Override
    public double assumedTokensPerSecondPerCore() {
        return 100_000;
    }

    private record Session(EmbeddingSession hashing) implements EmbeddingSession {
        @Override
        public EncodedInput encode(Input input) {
            return hashing.encode(input);
        }

        @Override
        public List<float[]> embed(List<EncodedInput> batch) {
            if (LEFT.addAndGet(-batch.size()) < 0) {
                arrived.countDown();
                try {
                    opened.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("nobody interrupts what is embedded", e);
                }
            }
            EMBEDDED.addAndGet(batch.size());
            return hashing.embed(batch);
        }

        @Override
        public void close() {
            hashing.close();
        }
    }
}
