package io.embedlake.pipeline;

import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Turns an iterator of texts into an iterator of outcomes, in the same order, one for one. Confined to one thread; closed by
 * its creator, and it closes the sessions it opened but not the embedder.
 *
 * <p>Texts are read in windows that are bounded in texts, as many as a full batch for each thread, and in characters. Within a window
 * they are encoded, sorted by length, cut into batches by token budget, embedded and put back in order, so memory does not grow with
 * the input. When the input
 * is itself sorted by length, neighbouring windows hold texts of similar length and padding all but vanishes.
 *
 * <p>While a window is computed, a thread beside the caller's encodes the next one, so that a device does not wait for the tokenizer.
 * The input is read on the caller's thread alone, and every failure is thrown there, when the window is due that it is about.
 */
public final class EmbeddingPipeline implements TextPipeline {
    private static final int WINDOW_CHARACTERS = 4_000_000;
    private static final int SHORT_WINDOW_CHARACTERS = 128_000;
    static final int MOST_SHORT_TEXTS = 2048;

    /** Where every token has a vector, they take thousands of times the room of the text. */
    private static final int WINDOW_CHARACTERS_OF_TOKENS = 64_000;

    /** Files of images and their pixels, of two windows at a time. */
    private static final int WINDOW_BYTES_OF_IMAGES = 32_000_000;

    /**
     * An input with its owner's key.
     *
     * @param key any value of the owner's
     * @param input a text or an image
     */
    public record Item<K>(K key, Input input) {
        /** A text with its owner's key. */
        public Item(K key, String text) {
            this(key, Input.of(text));
        }
    }

    /**
     * What became of an item.
     *
     * @param key the item's key
     * @param outcome its vector or refusal
     */
    public record Result<K>(K key, Outcome outcome) {}

    private final Embedder embedder;
    private final BatchSize size;
    private final EmbeddingSession session;
    private final int windowSize;
    private final SessionThread encoder;
    private final List<SessionThread> helpers;
    private long paddedTokens;
    private boolean isFinished;

    /** A pipeline that computes batches of one size on the calling thread. */
    public EmbeddingPipeline(Embedder embedder, int batchTokens) {
        this(embedder, BatchSize.of(batchTokens), 1);
    }

    /**
     * Opens a session of the embedder for the calling thread.
     *
     * @param threads how many batches are computed side by side, one of them on the calling thread
     */
    public EmbeddingPipeline(Embedder embedder, BatchSize size, int threads) {
        this.embedder = embedder;
        this.size = size;
        this.session = embedder.open();
        this.windowSize = windowSize(embedder);
        this.encoder = new SessionThread("embedlake-encode", embedder);
        this.helpers = IntStream.range(1, threads)
                .mapToObj(helper -> new SessionThread("embedlake-compute-" + helper, embedder))
                .toList();
    }

    private static int windowSize(Embedder embedder) {
        if (embedder.inputs() == InputKind.IMAGE) {
            return WINDOW_BYTES_OF_IMAGES;
        }
        return embedder.granularity() == Granularity.TOKEN ? WINDOW_CHARACTERS_OF_TOKENS : WINDOW_CHARACTERS;
    }

    @Override
    public <K> Iterator<Result<K>> run(Iterator<Item<K>> items) {
        return new Run<>(items);
    }

    /** A failure is thrown; what was computed in its window is lost. */
    @Override
    public Optional<EmbedlakeException> stopped() {
        return Optional.empty();
    }

    /** How many tokens were computed so far, padding included. */
    public long paddedTokens() {
        return paddedTokens;
    }

    /** Nothing is under way elsewhere. */
    @Override
    public void finish(Duration most) {
        isFinished = true;
    }

    /** Leaves no thread behind; waits for the text and the batches that other threads are at. */
    @Override
    public void close() {
        helpers.forEach(SessionThread::close);
        encoder.close();
        session.close();
    }

    /** Items that were read, and the same encoded, now or soon. */
    private record Window<K>(List<Item<K>> items, Future<EncodedWindow> encoded) {}

    private final class Run<K> implements Iterator<Result<K>> {
        private final Iterator<Item<K>> items;
        private Optional<Window<K>> ahead = Optional.empty();
        private Iterator<Result<K>> results = Collections.emptyIterator();

        Run(Iterator<Item<K>> items) {
            this.items = items;
        }

        @Override
        public boolean hasNext() {
            if (!results.hasNext() && !isFinished && (ahead.isPresent() || items.hasNext())) {
                Window<K> window = ahead.orElseGet(this::first);
                ahead = Optional.empty();
                EncodedWindow encoded = SessionThread.result(window.encoded());
                if (items.hasNext()) {
                    ahead = Optional.of(readAhead());
                }
                results = results(window.items(), compute(encoded));
            }
            return results.hasNext();
        }

        @Override
        public Result<K> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return results.next();
        }

        /** Nothing is computed yet beside which another thread could encode; an input of one window needs no other thread at all. */
        private Window<K> first() {
            List<Item<K>> window = readWindow();
            return new Window<>(
                    window, CompletableFuture.completedFuture(EncodedWindow.of(inputs(window), session, () -> false)));
        }

        private Window<K> readAhead() {
            List<Item<K>> window = readWindow();
            return new Window<>(
                    window, encoder.start(own -> EncodedWindow.of(inputs(window), own, encoder::isClosing)));
        }

        private List<Item<K>> readWindow() {
            List<Item<K>> window = new ArrayList<>();
            int most = size.texts() * (1 + helpers.size());
            long room = 0;
            while (items.hasNext() && (window.size() < most || isShort(window.size(), room)) && room < windowSize) {
                Item<K> item = items.next();
                window.add(item);
                room += item.input().size();
            }
            return window;
        }

        /** Many short texts take little room, and the more there are to sort, the less their batches are padded. */
        private boolean isShort(int texts, long room) {
            return texts < MOST_SHORT_TEXTS && room < SHORT_WINDOW_CHARACTERS;
        }

        private List<Input> inputs(List<Item<K>> window) {
            return window.stream().map(Item::input).toList();
        }

        private Iterator<Result<K>> results(List<Item<K>> window, List<Outcome> outcomes) {
            return IntStream.range(0, window.size())
                    .mapToObj(place -> new Result<>(window.get(place).key(), outcomes.get(place)))
                    .iterator();
        }
    }

    private List<Outcome> compute(EncodedWindow window) {
        WindowBatches batches = new WindowBatches(window, size);
        try {
            List<Future<Void>> others = helpers.stream()
                    .map(helper -> helper.start(own -> embed(batches, own)))
                    .toList();
            embed(batches, session);
            others.forEach(SessionThread::result);
        } finally {
            // The rest of a window with a failed part is not needed.
            batches.stop();
        }
        paddedTokens += batches.paddedTokens();
        return batches.outcomes();
    }

    private Void embed(WindowBatches batches, EmbeddingSession own) {
        BatchIsolation isolation = new BatchIsolation(own, embedder);
        try {
            for (Optional<WindowBatches.Batch> next = batches.next(); next.isPresent(); next = batches.next()) {
                List<EncodedInput> texts = next.get().texts();
                List<Outcome> outcomes = isolation.embed(texts);
                next.get().turn().done(texts);
                batches.done(next.get(), outcomes);
            }
        } finally {
            batches.stop();
        }
        return null;
    }
}
