package io.embedlake.spark.job;

/** What becomes of reductions that are there. Immutable. */
public enum Refit {
    /** They are used as they are. */
    NONE,
    /** New versions are fitted to the texts of today, and all rows are published anew with them. */
    ALL
}
