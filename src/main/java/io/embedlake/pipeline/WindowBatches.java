package io.embedlake.pipeline;

import io.embedlake.pipeline.EncodedWindow.Placed;
import io.embedlake.pipeline.EncodedWindow.Refusal;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A window while it is computed: hands out its texts in batches, longest first, and puts the outcomes where the texts stood. Thread-safe:
 * every thread takes the next batch when it is done with its last, so that none waits for a slower one before the window's end.
 */
final class WindowBatches {
    private final List<Placed> texts;
    private final BatchSize size;
    private final Outcome[] outcomes;
    private int start;
    private long paddedTokens;

    WindowBatches(EncodedWindow window, BatchSize size) {
        this.texts = window.texts();
        this.size = size;
        this.outcomes = new Outcome[window.size()];
        for (Refusal refusal : window.refused()) {
            outcomes[refusal.place()] = refusal.outcome();
        }
    }

    /**
     * Some texts to compute at once.
     *
     * @param placed the texts, longest first
     * @param turn by which they were cut
     */
    record Batch(List<Placed> placed, BatchSize.Turn turn) {
        List<EncodedInput> texts() {
            return placed.stream().map(Placed::text).toList();
        }
    }

    /** The next batch, which belongs to the caller; empty when no text is left. */
    synchronized Optional<Batch> next() {
        if (start == texts.size()) {
            return Optional.empty();
        }
        BatchSize.Turn turn = size.next();
        List<Placed> batch = turn.budget().first(texts.subList(start, texts.size()), Placed::tokens);
        start += batch.size();
        paddedTokens += (long) batch.size() * batch.get(0).tokens();
        return Optional.of(new Batch(batch, turn));
    }

    /** Takes the outcomes of a batch, one for each text, in order. */
    synchronized void done(Batch batch, List<Outcome> embedded) {
        for (int i = 0; i < embedded.size(); i++) {
            outcomes[batch.placed().get(i).place()] = embedded.get(i);
        }
    }

    /** Hands out no more batches. */
    synchronized void stop() {
        start = texts.size();
    }

    /** One outcome for each text of the window, in order, once every batch is done. */
    synchronized List<Outcome> outcomes() {
        return Arrays.asList(outcomes);
    }

    /** The tokens of all batches so far, padding included. */
    synchronized long paddedTokens() {
        return paddedTokens;
    }
}
