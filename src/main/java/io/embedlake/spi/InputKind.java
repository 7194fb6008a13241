package io.embedlake.spi;

import io.embedlake.annotation.Stable;
import java.util.Locale;

/** What a model takes. Immutable; prints as in jobs and fingerprints. */
@Stable
public enum InputKind {
    TEXT,
    IMAGE;

    /** The option of a request, and the setting of a spec of images, that says which. */
    public static final String KEY = "input";

    /** One of them, with its article. */
    public String inWords() {
        return this == IMAGE ? "an image" : "a text";
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
