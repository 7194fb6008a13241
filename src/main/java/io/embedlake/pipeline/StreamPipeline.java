package io.embedlake.pipeline;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.OutcomeStream;
import io.embedlake.spi.StreamEmbedder;
import io.embedlake.text.Texts;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Hands texts to an embedder that works on many at once, and finds the item of each outcome again. Confined to one thread; closed by
 * its creator.
 */
final class StreamPipeline implements TextPipeline {
    private final StreamEmbedder embedder;
    private Optional<OutcomeStream> stream = Optional.empty();

    StreamPipeline(StreamEmbedder embedder) {
        this.embedder = embedder;
    }

    @Override
    public <K> Iterator<EmbeddingPipeline.Result<K>> run(Iterator<EmbeddingPipeline.Item<K>> items) {
        close();
        Texted<K> texts = new Texted<>(items);
        OutcomeStream outcomes = embedder.embed(texts);
        stream = Optional.of(outcomes);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return outcomes.hasNext();
            }

            @Override
            public EmbeddingPipeline.Result<K> next() {
                // The text of an outcome may be read only when the outcome is requested.
                Outcome outcome = outcomes.next();
                return new EmbeddingPipeline.Result<>(texts.keys.removeFirst(), outcome);
            }
        };
    }

    @Override
    public Optional<EmbedlakeException> stopped() {
        return stream.flatMap(OutcomeStream::stopped);
    }

    @Override
    public void close() {
        stream.ifPresent(OutcomeStream::close);
    }

    /** The texts of items, whose keys wait for their outcomes. */
    private static final class Texted<K> implements Iterator<String> {
        private final Iterator<EmbeddingPipeline.Item<K>> items;
        private final Deque<K> keys = new ArrayDeque<>();

        Texted(Iterator<EmbeddingPipeline.Item<K>> items) {
            this.items = items;
        }

        @Override
        public boolean hasNext() {
            return items.hasNext();
        }

        @Override
        public String next() {
            EmbeddingPipeline.Item<K> item = items.next();
            keys.addLast(item.key());
            return Texts.wellFormed(item.text());
        }
    }
}
