package io.embedlake.spark.job;

import io.embedlake.lexical.HashingPlatform;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.Input;
import io.embedlake.spi.Platform;
import io.embedlake.spi.TokenCounter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The platform {@code test-picky}: hashing that refuses some texts, counts what it embeds and can be told to give up. Its
 * counts are static, because every task finds a platform of its own; thread-safe.
 */
public final class PickyPlatform implements Platform {
    public static final String NAME = "test-picky";
    static final int DIMENSIONS = 32;

    /** Texts with these words are refused. */
    static final String UNREADABLE = "unreadable";

    static final String NOT_FINITE = "notfinite";
    static final String FLAKY = "flaky";

    /** How often each text was embedded. */
    static final Map<String, Integer> EMBEDDED = new ConcurrentHashMap<>();

    public static final AtomicInteger LOADED = new AtomicInteger();
    public static final AtomicInteger CLOSED = new AtomicInteger();

    private static final AtomicLong TEXTS_LEFT = new AtomicLong(Long.MAX_VALUE);
    private static final HashingPlatform HASHING = new HashingPlatform();

    /** Makes the platform fail when it is asked for more than so many texts. */
    static void giveUpAfter(long texts) {
        TEXTS_LEFT.set(texts);
    }

    /** Makes the platform work for ever, as it does at first. */
    static void neverGiveUp() {
        TEXTS_LEFT.set(Long.MAX_VALUE);
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
        String model = request.model().orElse("default");
        EmbedderSpec hashing = HASHING.describe(
                new EmbedderRequest(Optional.empty(), Map.of("dimensions", String.valueOf(DIMENSIONS))));
        return new EmbedderSpec(
                NAME, "picky " + model, Fingerprint.of(Map.of("platform", NAME, "model", model)), hashing.settings());
    }

    @Override
    public TokenCounter counter(EmbedderSpec spec) {
        return HASHING.counter(spec);
    }

    @Override
    public Embedder load(EmbedderSpec spec, Device device) {
        LOADED.incrementAndGet();
        Embedder hashing = HASHING.load(spec, Device.CPU);
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
                CLOSED.incrementAndGet();
                hashing.close();
            }
        };
    }

    @Override
    public double assumedTokensPerSecondPerCore() {
        return 100_000;
    }

    /** A text and what hashing made of it. */
    private record Picked(String text, EncodedInput encoded) implements EncodedInput {
        @Override
        public int tokens() {
            return encoded.tokens();
        }

        @Override
        public boolean truncated() {
            return text.contains("endless");
        }
    }

    private record Session(EmbeddingSession hashing) implements EmbeddingSession {
        @Override
        public EncodedInput encode(Input input) {
            String text = input.text();
            if (text.contains(UNREADABLE)) {
                throw new EmbedlakeException(ErrorKind.INVALID_INPUT, "the text cannot be read");
            }
            return new Picked(text, hashing.encode(text));
        }

        @Override
        public List<float[]> embed(List<EncodedInput> batch) {
            List<Picked> picked = batch.stream().map(Picked.class::cast).toList();
            if (picked.stream().anyMatch(text -> text.text().contains(FLAKY))) {
                throw new EmbedlakeException(ErrorKind.TRANSIENT, "the line is down");
            }
            if (TEXTS_LEFT.addAndGet(-batch.size()) < 0) {
                throw new EmbedlakeException(
                        ErrorKind.CONFIGURATION, "Cannot go on: picky (it was told to give up). Tell it not to.");
            }
            picked.forEach(text -> EMBEDDED.merge(text.text(), 1, Integer::sum));
            return picked.stream().map(this::vector).toList();
        }

        private float[] vector(Picked text) {
            float[] vector = hashing.embed(List.of(text.encoded())).get(0).clone();
            if (text.text().contains(NOT_FINITE)) {
                vector[0] = Float.NaN;
            }
            return vector;
        }

        @Override
        public void close() {
            hashing.close();
        }
    }
}
