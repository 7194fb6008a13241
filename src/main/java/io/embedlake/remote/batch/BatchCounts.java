package io.embedlake.remote.batch;

/**
 * What a run did. Immutable.
 *
 * @param submitted batches that it asked for
 * @param resumed batches of an earlier run that it went on with
 * @param embedded texts with a vector
 * @param refused texts without one
 * @param unknown answers about texts that their batch does not have, which were left aside
 */
public record BatchCounts(int submitted, int resumed, long embedded, long refused, long unknown) {}
