package io.embedlake.pipeline;

import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Spans;
import io.embedlake.spi.Vectors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Embeds a batch so that a bad text affects no other: a batch with a doubtful answer is computed once more, then
 * split in half until the guilty text stands alone and is refused. Confined to one thread.
 *
 * <p>The answer is checked before it is believed: as many vectors as texts, each of the embedder's dimension (times the text's spans, if it has any), each value
 * finite. Errors that do not {@linkplain ErrorKind#concernsRows() concern rows} pass through.
 */
final class BatchIsolation {
    private final EmbeddingSession session;
    private final int dimension;
    private final boolean hasZeroVectors;

    BatchIsolation(EmbeddingSession session, Embedder embedder) {
        this.session = session;
        this.dimension = embedder.dimension();
        this.hasZeroVectors = embedder.hasZeroVectors();
    }

    /** One outcome for each text, in order. */
    List<Outcome> embed(List<EncodedInput> batch) {
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        embedInto(batch, outcomes);
        return outcomes;
    }

    private void embedInto(List<EncodedInput> batch, List<Outcome> outcomes) {
        EmbedlakeException failure;
        try {
            List<float[]> vectors = twice(batch);
            for (int i = 0; i < batch.size(); i++) {
                outcomes.add(Outcome.Embedded.of(vectors.get(i), batch.get(i)));
            }
            return;
        } catch (EmbedlakeException e) {
            if (!e.kind().concernsRows()) {
                throw e;
            }
            failure = e;
        }
        if (batch.size() == 1) {
            outcomes.addAll(Collections.singletonList(new Outcome.Refused(failure.kind(), failure.getMessage())));
        } else {
            int middle = batch.size() / 2;
            embedInto(batch.subList(0, middle), outcomes);
            embedInto(batch.subList(middle, batch.size()), outcomes);
        }
    }

    /** A doubtful answer is computed once more; waiting helps nothing here. */
    private List<float[]> twice(List<EncodedInput> batch) {
        try {
            return checked(batch);
        } catch (EmbedlakeException e) {
            if (e.kind() != ErrorKind.PROTOCOL) {
                throw e;
            }
            return checked(batch);
        }
    }

    private List<float[]> checked(List<EncodedInput> batch) {
        List<float[]> vectors = session.embed(batch);
        if (vectors.size() != batch.size()) {
            throw broken(vectors.size() + " vectors for " + batch.size() + " texts");
        }
        for (int text = 0; text < vectors.size(); text++) {
            float[] vector = vectors.get(text);
            int expected = batch.get(text).spans().map(Spans::count).orElse(1) * dimension;
            if (vector.length != expected) {
                throw broken("a vector of " + vector.length + " values instead of " + expected);
            }
            if (!hasZeroVectors && batch.get(text).spans().isEmpty() && Vectors.isZero(vector)) {
                throw broken("a vector of zeros");
            }
            for (float value : vector) {
                if (!Float.isFinite(value)) {
                    throw broken("a vector with the value " + value);
                }
            }
        }
        return vectors;
    }

    private static EmbedlakeException broken(String what) {
        return new EmbedlakeException(ErrorKind.PROTOCOL, "the model answered with " + what);
    }
}
