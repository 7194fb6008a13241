package io.embedlake.spi;

import java.util.Optional;

/**
 * An input in the form its platform works on, such as token ids or pixels: made by {@link EmbeddingSession#encode} and understood by the
 * sessions of the same embedder only. Immutable by agreement.
 */
public interface EncodedInput {
    /** The length that counts against budgets: tokens, special ones included, or the patches of an image; at least 1. */
    int tokens();

    /** The out-of-vocabulary tokens, which are ignored; 0 where the platform has none, or cannot tell. */
    default int unknown() {
        return 0;
    }

    /** Whether the text was cut to the platform's limit. */
    default boolean truncated() {
        return false;
    }

    /** The number of chunks of the text: more than one when it exceeds the platform's limit. */
    default int chunks() {
        return 1;
    }

    /** The spans that have their own vectors; empty when one vector represents the whole text. */
    default Optional<Spans> spans() {
        return Optional.empty();
    }
}
