package io.embedlake.embed;

/**
 * A text in the form its platform works on, such as token ids: made by {@link EmbeddingSession#encode} and understood by the
 * sessions of the same embedder only. Immutable by agreement.
 */
public interface EncodedText {
    /** The length that counts against budgets, special tokens included; at least 1. */
    int tokens();

    /** Whether the text was cut to the platform's limit. */
    boolean truncated();
}
