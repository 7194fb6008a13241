package io.embedlake.remote.format.cohere;

/** Where a text is cut that is too long. */
public enum Truncate {
    /** Nowhere: it is refused. */
    NONE,
    /** Its beginning goes. */
    START,
    /** Its end goes. */
    END
}
