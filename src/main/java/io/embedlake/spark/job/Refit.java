package io.embedlake.spark.job;

/** How existing reductions are treated. Immutable. */
public enum Refit {
    /** They are used unchanged. */
    NONE,
    /** New versions are fitted to the current texts, and all rows are published again with them. */
    ALL
}
