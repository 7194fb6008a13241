package io.embedlake.remote.platform.stream;

import io.embedlake.remote.pack.TextTokens;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.OutcomeStream;
import io.embedlake.spi.StreamEmbedder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** A provider's model. Thread-safe; closed by its owner, after all its streams and sessions. */
public final class ProviderEmbedder implements StreamEmbedder {
    private final PackingClient link;
    private final TextTokens tokens;
    private final int dimension;
    private final Runnable atEnd;

    /**
     * An embedder.
     *
     * @param atEnd closes what was opened for it alone
     */
    public ProviderEmbedder(PackingClient link, TextTokens tokens, int dimension, Runnable atEnd) {
        this.link = link;
        this.tokens = tokens;
        this.dimension = dimension;
        this.atEnd = atEnd;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public OutcomeStream embed(Iterator<Input> inputs) {
        return link.run(new SentTexts(inputs));
    }

    @Override
    public Map<String, Long> learntCaps() {
        return link.packer().learntCaps();
    }

    @Override
    public EmbeddingSession open() {
        return new Session();
    }

    @Override
    public void close() {
        link.close();
        atEnd.run();
    }

    /** A text as it will be sent. Immutable. */
    record Sent(String text, int tokens) implements EncodedInput {
        @Override
        public boolean truncated() {
            return false;
        }

        @Override
        public String toString() {
            return "a text of " + tokens + " tokens";
        }
    }

    private final class Session implements EmbeddingSession {
        @Override
        public EncodedInput encode(Input input) {
            String text = input.text();
            return new Sent(text, (int) Math.min(Integer.MAX_VALUE, tokens.count(text)));
        }

        @Override
        public List<float[]> embed(List<EncodedInput> batch) {
            Iterator<String> texts =
                    batch.stream().map(text -> ((Sent) text).text()).iterator();
            List<float[]> vectors = new ArrayList<>();
            try (OutcomeStream outcomes = link.run(texts)) {
                while (outcomes.hasNext()) {
                    Outcome outcome = outcomes.next();
                    if (outcome instanceof Outcome.Embedded embedded) {
                        vectors.add(embedded.vector());
                    } else {
                        Outcome.Refused refused = (Outcome.Refused) outcome;
                        throw outcomes.stopped().orElseGet(() -> refused(refused));
                    }
                }
                outcomes.stopped().ifPresent(why -> {
                    throw why;
                });
            }
            return vectors;
        }

        private EmbedlakeException refused(Outcome.Refused refused) {
            return new EmbedlakeException(
                    refused.kind(),
                    "Cannot embed a text: " + refused.reason() + " (the provider refuses it). Change it.");
        }

        @Override
        public void close() {
            // The client is the embedder's.
        }
    }
}
