package io.embedlake.spi;

import java.util.Optional;

/**
 * A text in the form its platform works on, such as token ids: made by {@link EmbeddingSession#encode} and understood by the
 * sessions of the same embedder only. Immutable by agreement.
 */
public interface EncodedText {
    /** The length that counts against budgets, special tokens included; at least 1. */
    int tokens();

    /** How many of the tokens the model does not know, so that they do not count; 0 where the platform knows them all, or cannot tell. */
    default int unknown() {
        return 0;
    }

    /** Whether the text was cut to the platform's limit. */
    boolean truncated();

    /** In how many pieces the platform reads the text: more than one when it is longer than the platform's limit. */
    default int pieces() {
        return 1;
    }

    /** What of the text has a vector of its own; nothing when one vector stands for all of it. */
    default Optional<Spans> spans() {
        return Optional.empty();
    }
}
