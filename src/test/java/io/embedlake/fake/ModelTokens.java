package io.embedlake.fake;

import io.embedlake.fake.service.TokenSource;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.Spans;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tokens of the embedded model and their vectors, exact. Thread-safe; closed by whoever made it. */
public final class ModelTokens implements TokenSource, AutoCloseable {
    private final Embedder embedder;
    private final EmbeddingSession session;

    /** Loads the model. */
    public ModelTokens() {
        Platform platform = Platforms.named("huggingface");
        embedder = platform.load(
                platform.describe(
                        new EmbedderRequest(Optional.empty(), Map.of("precision", "fp32", "granularity", "token"))),
                Device.CPU);
        session = embedder.open();
    }

    @Override
    public synchronized List<Token> tokens(String text) {
        EncodedInput encoded = session.encode(text);
        Spans spans = encoded.spans().orElseThrow();
        float[] rows = session.embed(List.of(encoded)).get(0);
        int width = embedder.dimension();
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < spans.count(); i++) {
            tokens.add(new Token(
                    spans.starts()[i], spans.ends()[i], Arrays.copyOfRange(rows, i * width, (i + 1) * width)));
        }
        return tokens;
    }

    /** The mean of the tokens' vectors. */
    @Override
    public float[] apply(String text) {
        float[] mean = new float[embedder.dimension()];
        List<Token> tokens = tokens(text);
        for (Token token : tokens) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += token.vector()[i] / tokens.size();
            }
        }
        return mean;
    }

    @Override
    public synchronized void close() {
        session.close();
        embedder.close();
    }
}
