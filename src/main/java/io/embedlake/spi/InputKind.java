package io.embedlake.spi;

import java.util.Locale;

/** What a model takes. Immutable; prints as in jobs and fingerprints. */
public enum InputKind {
    TEXT,
    IMAGE;

    /** The option of a request, and the setting of a spec of images, that says which. */
    public static final String KEY = "input";

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
