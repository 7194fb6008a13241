package io.embedlake.spark.spool;

/** Which attempts at a partition Spark may have at work at the same time. */
public enum Attempts {
    /** One after the other: the next begins when the last has failed. */
    IN_TURN,
    /** A copy of one that is slow, as with {@code spark.speculation}: it waits, since two would pay for the same texts. */
    SPECULATIVE
}
