package io.embedlake.remote.batch;

/**
 * What a batch may hold; each of its lines holds one text. Immutable.
 *
 * @param texts the most texts: the lower one of the provider's limits of requests and of inputs
 * @param bytes the most bytes of its file
 * @param tokens the most tokens, as counted locally; a text with more gets its own batch
 */
public record BatchLimits(int texts, long bytes, long tokens) {
    /** None. */
    public static final BatchLimits NONE = new BatchLimits(Integer.MAX_VALUE, Long.MAX_VALUE);

    public BatchLimits {
        if (texts < 1 || bytes < 1 || tokens < 1) {
            throw new IllegalArgumentException("limits are positive: " + texts + ", " + bytes + ", " + tokens);
        }
    }

    /** No limit of tokens. */
    public BatchLimits(int texts, long bytes) {
        this(texts, bytes, Long.MAX_VALUE);
    }

    /** Both of these limits. */
    public BatchLimits and(BatchLimits other) {
        return new BatchLimits(
                Math.min(texts, other.texts), Math.min(bytes, other.bytes), Math.min(tokens, other.tokens));
    }
}
