package io.embedlake.remote.http;

/**
 * What a client did so far. Immutable.
 *
 * @param sent requests that were sent
 * @param needed calls that the packer made, in as many parts as the server takes: what would be sent if nothing failed
 * @param waits how often a call waited after a failure
 */
public record ClientCounts(long sent, long needed, long waits) {
    /** How many requests were sent for one that was needed. */
    public double amplification() {
        return needed == 0 ? 1 : (double) sent / needed;
    }
}
