package io.embedlake.remote.platform.stream;

import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.OutcomeStream;
import io.embedlake.spi.Spans;
import io.embedlake.spi.StreamEmbedder;
import io.embedlake.text.Texts;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A server's model that gives each token a vector; the vectors and the positions of tokens are requested in separate calls. Thread-safe;
 * closed by its owner, after all its streams and sessions.
 */
public final class TokenEmbedder implements StreamEmbedder {
    private static final String ADVICE = "Check model and endpoint.";

    private final PackingClient vectors;
    private final PackingClient places;
    private final TokenJoin join;
    private final Runnable atEnd;

    private TokenEmbedder(PackingClient vectors, PackingClient places, TokenJoin join, Runnable atEnd) {
        this.vectors = vectors;
        this.places = places;
        this.join = join;
        this.atEnd = atEnd;
    }

    /**
     * Tests the server with a harmless text.
     *
     * @param label the model's name in messages
     * @param isUnit whether each vector is brought to length 1
     * @param known the length of vectors, where it is known
     * @param atEnd closes what was opened for it alone
     */
    public static TokenEmbedder open(
            String label,
            PackingClient vectors,
            PackingClient places,
            boolean isUnit,
            OptionalInt known,
            Input probe,
            Runnable atEnd) {
        Outcome.Embedded rows = vectors.first(label, probe, ADVICE);
        Outcome.Embedded pairs = places.first(label, probe, ADVICE);
        int tokens = pairs.vector().length / 2;
        int dimension = rows.vector().length / tokens;
        TokenJoin join = new TokenJoin(known.orElse(dimension), isUnit);
        if (!(join.outcome(probe.text(), rows, pairs) instanceof Outcome.Embedded)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed with " + label + ": " + rows.vector().length + " values for the " + tokens
                            + " tokens that the server finds in a first, harmless text (vectors of "
                            + known.orElse(dimension)
                            + " values are expected, and no prompt in front of texts). Check endpoint and model, and start the server"
                            + " without a default prompt.");
        }
        return new TokenEmbedder(vectors, places, join, atEnd);
    }

    @Override
    public int dimension() {
        return join.dimension();
    }

    @Override
    public Granularity granularity() {
        return Granularity.TOKEN;
    }

    @Override
    public OutcomeStream embed(Iterator<Input> inputs) {
        return new TokenStream(inputs, vectors, places, join);
    }

    @Override
    public EmbeddingSession open() {
        return new Session();
    }

    @Override
    public void close() {
        vectors.close();
        places.close();
        atEnd.run();
    }

    /** A text whose token vectors are present. Immutable by convention. */
    private record Done(Outcome.Embedded outcome) implements EncodedInput {
        @Override
        public int tokens() {
            return outcome.tokens();
        }

        @Override
        public boolean truncated() {
            return outcome.truncated();
        }

        @Override
        public Optional<Spans> spans() {
            return outcome.spans();
        }

        @Override
        public String toString() {
            return "a text of " + tokens() + " tokens";
        }
    }

    private final class Session implements EmbeddingSession {
        @Override
        public EncodedInput encode(Input input) {
            try (OutcomeStream outcomes =
                    TokenEmbedder.this.embed(List.of(Texts.wellFormed(input)).iterator())) {
                Outcome outcome = outcomes.next();
                if (outcome instanceof Outcome.Embedded embedded) {
                    return new Done(embedded);
                }
                Outcome.Refused refused = (Outcome.Refused) outcome;
                throw outcomes.stopped()
                        .orElseGet(() -> new EmbedlakeException(
                                refused.kind(),
                                "Cannot embed a text: " + refused.reason() + " (the server refuses it). Change it."));
            }
        }

        @Override
        public List<float[]> embed(List<EncodedInput> batch) {
            return batch.stream()
                    .map(text -> ((Done) text).outcome().vector().clone())
                    .toList();
        }

        @Override
        public void close() {
            // The links are the embedder's.
        }
    }
}
