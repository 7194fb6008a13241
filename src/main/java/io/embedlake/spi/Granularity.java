package io.embedlake.spi;

import java.util.Locale;

/** The unit that gets its own vector. Immutable; prints as in jobs and fingerprints. */
public enum Granularity {
    /** The whole text. */
    ATTRIBUTE,
    /** Each of its tokens. */
    TOKEN,
    /** Each chunk that fits the model: one for most texts, several for a long one. */
    PIECE;

    /** Whether a text has any number of vectors, each with its {@link Spans span}. */
    public boolean hasSpans() {
        return this != ATTRIBUTE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
