package io.embedlake.pipeline;

import io.embedlake.embed.Embedder;
import io.embedlake.embed.EmbeddingSession;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.EncodedText;
import io.embedlake.embed.Granularity;
import io.embedlake.embed.Outcome;
import io.embedlake.text.Texts;
import io.embedlake.text.TokenBudget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Turns an iterator of texts into an iterator of outcomes, in the same order, one for one. Confined to one thread; closed by
 * whoever made it, and it closes the session it opened but not the embedder.
 *
 * <p>Texts are read in windows that are bounded in texts and characters. Within a window they are encoded, sorted by length,
 * cut into batches by token budget, embedded and put back in order, so memory does not grow with the input. When the input
 * is itself sorted by length, neighbouring windows hold texts of similar length and padding all but vanishes.
 */
public final class EmbeddingPipeline implements AutoCloseable {
    private static final int WINDOW_TEXTS = 256;
    private static final int WINDOW_CHARACTERS = 4_000_000;

    /** Where every token has a vector, they take thousands of times the room of the text. */
    private static final int WINDOW_CHARACTERS_OF_TOKENS = 64_000;

    private static final int BATCH_TEXTS = 256;

    /**
     * A text and what its owner knows it by.
     *
     * @param key whatever the owner likes
     * @param text the text
     */
    public record Item<K>(K key, String text) {}

    /**
     * What became of an item.
     *
     * @param key the item's key
     * @param outcome its vector or refusal
     */
    public record Result<K>(K key, Outcome outcome) {}

    private final EmbeddingSession session;
    private final BatchIsolation isolation;
    private final TokenBudget budget;
    private final int windowCharacters;
    private long paddedTokens;

    /**
     * Opens a session of the embedder for the calling thread.
     *
     * @param batchTokens the padded tokens of a batch
     */
    public EmbeddingPipeline(Embedder embedder, int batchTokens, RetryPolicy retries) {
        this.session = embedder.open();
        this.isolation = new BatchIsolation(session, embedder.dimension(), retries);
        this.budget = new TokenBudget(batchTokens, BATCH_TEXTS);
        this.windowCharacters =
                embedder.granularity() == Granularity.TOKEN ? WINDOW_CHARACTERS_OF_TOKENS : WINDOW_CHARACTERS;
    }

    /** The outcomes of these items, in their order, computed as they are asked for. */
    public <K> Iterator<Result<K>> run(Iterator<Item<K>> items) {
        return new Iterator<>() {
            private Iterator<Result<K>> window = List.<Result<K>>of().iterator();

            @Override
            public boolean hasNext() {
                if (!window.hasNext() && items.hasNext()) {
                    window = embed(readWindow(items)).iterator();
                }
                return window.hasNext();
            }

            @Override
            public Result<K> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return window.next();
            }
        };
    }

    /** How many tokens were computed so far, padding included. */
    public long paddedTokens() {
        return paddedTokens;
    }

    @Override
    public void close() {
        session.close();
    }

    private <K> List<Item<K>> readWindow(Iterator<Item<K>> items) {
        List<Item<K>> window = new ArrayList<>();
        long characters = 0;
        while (items.hasNext() && window.size() < WINDOW_TEXTS && characters < windowCharacters) {
            Item<K> item = items.next();
            window.add(item);
            characters += item.text().length();
        }
        return window;
    }

    /** A text that was encoded, and where in the window it stood. */
    private record Placed(int place, EncodedText text) {}

    private <K> List<Result<K>> embed(List<Item<K>> window) {
        Outcome[] outcomes = new Outcome[window.size()];
        List<Placed> encoded = new ArrayList<>(window.size());
        for (int place = 0; place < outcomes.length; place++) {
            try {
                encoded.add(new Placed(
                        place, session.encode(Texts.wellFormed(window.get(place).text()))));
            } catch (EmbedlakeException e) {
                if (!e.kind().concernsRows()) {
                    throw e;
                }
                outcomes[place] = new Outcome.Refused(e.kind(), e.getMessage());
            }
        }
        encoded.sort(Comparator.comparingInt((Placed placed) -> placed.text().tokens())
                .reversed());
        for (List<Placed> batch :
                budget.batches(encoded, placed -> placed.text().tokens())) {
            paddedTokens += (long) batch.size() * batch.get(0).text().tokens();
            List<Outcome> embedded =
                    isolation.embed(batch.stream().map(Placed::text).toList());
            for (int i = 0; i < batch.size(); i++) {
                outcomes[batch.get(i).place()] = embedded.get(i);
            }
        }
        List<Result<K>> results = new ArrayList<>(outcomes.length);
        for (int place = 0; place < outcomes.length; place++) {
            results.add(new Result<>(window.get(place).key(), outcomes[place]));
        }
        return results;
    }
}
