package io.embedlake.remote.platform.stream;

import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.OutcomeStream;
import io.embedlake.spi.StreamEmbedder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** A provider's model. Thread-safe; closed by its owner, after all its streams and sessions. */
public final class ProviderEmbedder implements StreamEmbedder {
    private final PackingClient link;
    private final InputKind inputs;
    private final ToLongFunction<Input> tokens;
    private final int dimension;
    private final Runnable atEnd;

    /**
     * An embedder.
     *
     * @param inputs what it takes
     * @param tokens counts those of an input; throws where it is not sent
     * @param atEnd closes what was opened for it alone
     */
    public ProviderEmbedder(
            PackingClient link, InputKind inputs, ToLongFunction<Input> tokens, int dimension, Runnable atEnd) {
        this.link = link;
        this.inputs = inputs;
        this.tokens = tokens;
        this.dimension = dimension;
        this.atEnd = atEnd;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public InputKind inputs() {
        return inputs;
    }

    @Override
    public OutcomeStream embed(Iterator<Input> inputs) {
        return link.run(inputs);
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

    /** An input that will be sent. Immutable. */
    record Sent(Input input, int tokens) implements EncodedInput {
        @Override
        public boolean truncated() {
            return false;
        }

        @Override
        public String toString() {
            return "an input of " + tokens + " tokens";
        }
    }

    private final class Session implements EmbeddingSession {
        @Override
        public EncodedInput encode(Input input) {
            return new Sent(input, (int) Math.min(Integer.MAX_VALUE, tokens.applyAsLong(input)));
        }

        @Override
        public List<float[]> embed(List<EncodedInput> batch) {
            Iterator<Input> sent =
                    batch.stream().map(input -> ((Sent) input).input()).iterator();
            List<float[]> vectors = new ArrayList<>();
            try (OutcomeStream outcomes = link.run(sent)) {
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
                    "Cannot embed " + inputs.inWords() + ": " + refused.reason()
                            + " (the provider refuses it). Change it.");
        }

        @Override
        public void close() {
            // The client is the embedder's.
        }
    }
}
