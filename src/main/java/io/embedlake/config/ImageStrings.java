package io.embedlake.config;

import java.util.Locale;

/** What the strings of an attribute with images are. Immutable; prints as in the job file. */
public enum ImageStrings {
    /** Paths of files, or URIs, that Spark's file systems read. */
    PATH,
    /** The files themselves in base64, also as data URIs. */
    BASE64;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
