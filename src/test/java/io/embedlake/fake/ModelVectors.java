package io.embedlake.fake;

import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The vectors of a model of ours, loaded when the first is wanted; those of the last some thousand texts are remembered. Thread-safe;
 * closed by whoever made it.
 */
public final class ModelVectors implements Function<String, float[]>, AutoCloseable {
    private static final int REMEMBERED = 10_000;

    private final String platform;
    private final EmbedderRequest request;
    private final Map<String, float[]> remembered = new LinkedHashMap<>(16, 0.75F, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
            return size() > REMEMBERED;
        }
    };
    private Optional<Embedder> embedder = Optional.empty();
    private Optional<EmbeddingSession> session = Optional.empty();

    /** The vectors of a platform's model, with the options that its jobs have. */
    public ModelVectors(String platform, EmbedderRequest request) {
        this.platform = platform;
        this.request = request;
    }

    /** The vectors of the embedded model, exact. */
    public static ModelVectors embedded() {
        return new ModelVectors("huggingface", new EmbedderRequest(Optional.empty(), Map.of("precision", "fp32")));
    }

    @Override
    public synchronized float[] apply(String text) {
        float[] known = remembered.get(text);
        if (known == null) {
            EmbeddingSession open = session.orElseGet(this::open);
            known = open.embed(List.of(open.encode(text))).get(0);
            remembered.put(text, known);
        }
        return known;
    }

    private EmbeddingSession open() {
        Platform loader = Platforms.named(platform);
        embedder = Optional.of(loader.load(loader.describe(request), Device.CPU));
        session = embedder.map(Embedder::open);
        return session.orElseThrow();
    }

    @Override
    public synchronized void close() {
        session.ifPresent(EmbeddingSession::close);
        embedder.ifPresent(Embedder::close);
    }
}
