package io.embedlake.spi;

import java.util.Locale;

/** What gets a vector of its own. Immutable; prints as jobs and fingerprints write it. */
public enum Granularity {
    /** The whole text. */
    ATTRIBUTE,
    /** Each of its tokens. */
    TOKEN,
    /** Each piece that a model can read at once: one for most texts, several for a long one. */
    PIECE;

    /** Whether a text has any number of vectors, each with the {@link Spans span} that it stands for. */
    public boolean hasSpans() {
        return this != ATTRIBUTE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
