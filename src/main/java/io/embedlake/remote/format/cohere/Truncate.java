package io.embedlake.remote.format.cohere;

/** Which end of an overlong text is truncated. */
public enum Truncate {
    /** None: the text is refused. */
    NONE,
    /** The beginning. */
    START,
    /** The end. */
    END
}
