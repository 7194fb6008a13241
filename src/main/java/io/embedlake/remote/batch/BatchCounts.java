package io.embedlake.remote.batch;

/**
 * What a run did. Immutable.
 *
 * @param submitted batches that it created
 * @param resumed batches of an earlier run that it went on with
 * @param embedded texts with a vector
 * @param refused texts without one
 * @param unknown answers for ids that are not in their batch, which were ignored
 */
public record BatchCounts(int submitted, int resumed, long embedded, long refused, long unknown) {}
