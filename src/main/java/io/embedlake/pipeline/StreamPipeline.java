package io.embedlake.pipeline;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.OutcomeStream;
import io.embedlake.spi.StreamEmbedder;
import io.embedlake.text.Texts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Hands texts to an embedder that works on many at once, and finds the item of each outcome again. Confined to one thread; closed by
 * its creator.
 */
final class StreamPipeline implements TextPipeline {
    /** So many images are taken before the first is needed, because their files are being read from then on. */
    private static final int IMAGES_AHEAD = 16;

    private final StreamEmbedder embedder;
    private Optional<OutcomeStream> stream = Optional.empty();

    StreamPipeline(StreamEmbedder embedder) {
        this.embedder = embedder;
    }

    @Override
    public <K> Iterator<EmbeddingPipeline.Result<K>> run(Iterator<EmbeddingPipeline.Item<K>> items) {
        close();
        Readable<K> readable = new Readable<>(items, embedder.inputs() == InputKind.IMAGE ? IMAGES_AHEAD : 1);
        OutcomeStream outcomes = embedder.embed(readable);
        stream = Optional.of(outcomes);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                // Whether there is another outcome may be known only when more items were read.
                return readable.isRefused() || outcomes.hasNext() || readable.isRefused();
            }

            @Override
            public EmbeddingPipeline.Result<K> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                if (readable.isRefused()) {
                    Read<K> read = readable.waiting.removeFirst();
                    return new EmbeddingPipeline.Result<>(
                            read.key(), read.refused().orElseThrow());
                }
                // The input of an outcome may be read only when the outcome is requested.
                Outcome outcome = outcomes.next();
                return new EmbeddingPipeline.Result<>(
                        readable.waiting.removeFirst().key(), outcome);
            }
        };
    }

    @Override
    public Optional<EmbedlakeException> stopped() {
        return stream.flatMap(OutcomeStream::stopped);
    }

    @Override
    public void finish(Duration most) {
        stream.ifPresent(outcomes -> outcomes.finish(most));
    }

    @Override
    public void close() {
        stream.ifPresent(OutcomeStream::close);
    }

    /** An item that was read: its outcome is the stream's next, unless its image could not be read. */
    private record Read<K>(K key, Optional<Outcome.Refused> refused) {}

    /** The inputs of items, images with their content; without the images that cannot be read. */
    private static final class Readable<K> implements Iterator<Input> {
        private final Iterator<EmbeddingPipeline.Item<K>> items;
        private final int most;
        private final Deque<EmbeddingPipeline.Item<K>> ahead = new ArrayDeque<>();
        private final Deque<Read<K>> waiting = new ArrayDeque<>();
        private Optional<Input> next = Optional.empty();

        Readable(Iterator<EmbeddingPipeline.Item<K>> items, int most) {
            this.items = items;
            this.most = most;
        }

        /** Whether the outcome that is due is a refusal. */
        boolean isRefused() {
            return !waiting.isEmpty() && waiting.peekFirst().refused().isPresent();
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && (!ahead.isEmpty() || items.hasNext())) {
                while (ahead.size() < most && items.hasNext()) {
                    ahead.addLast(items.next());
                }
                EmbeddingPipeline.Item<K> item = ahead.removeFirst();
                try {
                    next = Optional.of(read(item.input()));
                    waiting.addLast(new Read<>(item.key(), Optional.empty()));
                } catch (EmbedlakeException e) {
                    if (!e.kind().concernsRows()) {
                        throw e;
                    }
                    waiting.addLast(new Read<>(item.key(), Optional.of(new Outcome.Refused(e.kind(), e.getMessage()))));
                }
            }
            return next.isPresent();
        }

        private static Input read(Input input) {
            return input instanceof Input.Image image ? Input.of(image.image()) : Texts.wellFormed(input);
        }

        @Override
        public Input next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Input input = next.orElseThrow();
            next = Optional.empty();
            return input;
        }
    }
}
