package io.embedlake.pipeline;

import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import io.embedlake.text.Texts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * The texts of a window in their platform's form. Immutable.
 *
 * @param texts the encoded texts, longest first
 * @param refused the texts that could not be encoded
 */
record EncodedWindow(List<Placed> texts, List<Refusal> refused) {
    /** A text that was encoded, and where in the window it stood. */
    record Placed(int place, EncodedInput text) {
        int tokens() {
            return text.tokens();
        }
    }

    /** Why a text was not encoded, and where in the window it stood. */
    record Refusal(int place, Outcome.Refused outcome) {}

    EncodedWindow {
        texts = List.copyOf(texts);
        refused = List.copyOf(refused);
    }

    /** How many texts the window has. */
    int size() {
        return texts.size() + refused.size();
    }

    /**
     * Encodes the inputs of a window.
     *
     * @param isAbandoned checked before each text: whether the window is no longer needed
     * @throws CancellationException when it is no longer needed
     * @throws EmbedlakeException of a kind that does not concern rows
     */
    static EncodedWindow of(List<Input> inputs, EmbeddingSession session, BooleanSupplier isAbandoned) {
        List<Placed> encoded = new ArrayList<>(inputs.size());
        List<Refusal> refused = new ArrayList<>();
        for (int place = 0; place < inputs.size(); place++) {
            if (isAbandoned.getAsBoolean()) {
                throw new CancellationException("nobody wants the window");
            }
            try {
                encoded.add(new Placed(place, session.encode(Texts.wellFormed(inputs.get(place)))));
            } catch (EmbedlakeException e) {
                if (!e.kind().concernsRows()) {
                    throw e;
                }
                refused.add(new Refusal(place, new Outcome.Refused(e.kind(), e.getMessage())));
            }
        }
        encoded.sort(Comparator.comparingInt(Placed::tokens).reversed());
        return new EncodedWindow(encoded, refused);
    }
}
