package io.embedlake.spark.job;

/** What a run does once more that an earlier run has done. */
public enum Anew {
    /** Nothing: rows that have not changed are not looked at. */
    NOTHING,
    /** All rows are looked at. */
    ROWS,
    /** New versions of the reductions are fitted, and all rows are published with them. */
    REDUCTIONS
}
