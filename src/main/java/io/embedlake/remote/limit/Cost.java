package io.embedlake.remote.limit;

/**
 * What a call takes of a limit. Immutable.
 *
 * @param requests as the provider counts them; some count each text as one
 * @param tokens as estimated before the call
 * @param inputs its texts
 */
public record Cost(long requests, long tokens, long inputs) {
    public Cost {
        if (requests < 0 || tokens < 0 || inputs < 0) {
            throw new IllegalArgumentException("a cost is not negative: " + requests + ", " + tokens + ", " + inputs);
        }
    }

    /** Whether a permit for this is enough for another cost. */
    boolean covers(Cost other) {
        return requests >= other.requests && tokens >= other.tokens && inputs >= other.inputs;
    }
}
