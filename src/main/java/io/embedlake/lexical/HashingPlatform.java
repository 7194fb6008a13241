package io.embedlake.lexical;

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

/** The platform {@code hashing}: feature hashing of words and character n-grams; no model, no files. Stateless. */
public final class HashingPlatform implements Platform {
    private static final String DIMENSIONS = "dimensions";
    private static final int DEFAULT_DIMENSIONS = 512;

    @Override
    public String name() {
        return "hashing";
    }

    @Override
    public List<String> options() {
        return List.of(DIMENSIONS);
    }

    @Override
    public EmbedderSpec describe(EmbedderRequest request) {
        Map<String, String> settings =
                Map.of(DIMENSIONS, String.valueOf(request.number(DIMENSIONS).orElse(DEFAULT_DIMENSIONS)));
        Fingerprint fingerprint = Fingerprint.of(Map.of(
                "platform",
                name(),
                "features",
                "words and 3-5-grams, version 1",
                DIMENSIONS,
                settings.get(DIMENSIONS)));
        return new EmbedderSpec(name(), "hashing to " + settings.get(DIMENSIONS), fingerprint, settings);
    }

    @Override
    public TokenCounter counter(EmbedderSpec spec) {
        return new Session(dimension(spec));
    }

    @Override
    public Embedder load(EmbedderSpec spec, Device device) {
        device.requireProcessor(name());
        return new HashingEmbedder(dimension(spec));
    }

    @Override
    public double assumedTokensPerSecondPerCore() {
        return 300_000;
    }

    private static int dimension(EmbedderSpec spec) {
        return Integer.parseInt(spec.setting(DIMENSIONS));
    }

    /** Holds nothing, so there is nothing to close. */
    private record HashingEmbedder(int dimension) implements Embedder {
        @Override
        public EmbeddingSession open() {
            return new Session(dimension);
        }
    }

    /** Computes vectors while encoding: there is nothing to gain from a batch. */
    private static final class Session implements EmbeddingSession {
        private final HashedFeatures features;

        Session(int dimension) {
            this.features = new HashedFeatures(dimension);
        }

        @Override
        public EncodedInput encode(Input input) {
            String text = input.text();
            return features.count(text)
                    .orElseThrow(() -> new EmbedlakeException(
                            ErrorKind.INVALID_INPUT, "the text has no words, so that no feature can be hashed"));
        }

        @Override
        public List<float[]> embed(List<EncodedInput> batch) {
            return batch.stream()
                    .map(text -> ((HashedFeatures.Counted) text).vector())
                    .toList();
        }
    }
}
