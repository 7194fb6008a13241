package io.embedlake.remote.platform.stream;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.OutcomeStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The outcomes of texts whose token vectors and positions come in separate streams. Each text is read once, and kept until both have
 * reached it. Confined to one thread; closed by its owner.
 */
final class TokenStream implements OutcomeStream {
    private final Iterator<Input> input;
    private final Branch forVectors = new Branch();
    private final Branch forPlaces = new Branch();
    private final Deque<Input> undecided = new ArrayDeque<>();
    private final OutcomeStream vectors;
    private final OutcomeStream places;
    private final TokenJoin join;

    TokenStream(Iterator<Input> input, PackingClient vectors, PackingClient places, TokenJoin join) {
        this.input = input;
        this.join = join;
        this.vectors = vectors.run(forVectors);
        this.places = places.run(forPlaces);
    }

    /** What one of the streams reads. */
    private final class Branch implements Iterator<Input> {
        private final Deque<Input> ahead = new ArrayDeque<>();

        @Override
        public boolean hasNext() {
            return !ahead.isEmpty() || input.hasNext();
        }

        @Override
        public Input next() {
            if (ahead.isEmpty()) {
                Input text = input.next();
                forVectors.ahead.addLast(text);
                forPlaces.ahead.addLast(text);
                undecided.addLast(text);
            }
            return ahead.removeFirst();
        }
    }

    /** It ends with the first of both that does. */
    @Override
    public boolean hasNext() {
        return vectors.hasNext() && places.hasNext();
    }

    @Override
    public Outcome next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Outcome rows = vectors.next();
        Outcome pairs = places.next();
        return join.outcome(undecided.removeFirst().text(), rows, pairs);
    }

    @Override
    public Optional<EmbedlakeException> stopped() {
        return vectors.stopped().or(places::stopped);
    }

    @Override
    public void finish(Duration most) {
        long begin = System.nanoTime();
        vectors.finish(most);
        Duration left = most.minusNanos(System.nanoTime() - begin);
        places.finish(left.isNegative() ? Duration.ZERO : left);
    }

    @Override
    public void close() {
        vectors.close();
        places.close();
    }
}
