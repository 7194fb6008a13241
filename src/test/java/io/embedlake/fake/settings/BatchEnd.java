package io.embedlake.fake.settings;

/** How batch jobs end. */
public enum BatchEnd {
    /** All lines were worked on. */
    DONE,
    /** Time was over when half of the lines were worked on. */
    EXPIRED,
    /** The job is refused as a whole. */
    FAILED,
    /** The job is refused because there is too much in the queue; by those providers that know such an end. */
    QUEUE_FULL
}
