package io.embedlake.remote.http;

import java.time.Duration;

/**
 * What a client did so far. Immutable.
 *
 * @param sent requests that were sent
 * @param needed calls that the packer made, in as many parts as the server takes: what would be sent if nothing failed
 * @param inputs texts with vectors
 * @param tokens what the provider charged for, or was expected to where it does not say
 * @param refused texts without
 * @param waits how often a call waited after a failure
 * @param waited for how long, all of them added up
 * @param splits how often a call was cut in parts
 */
public record ClientCounts(
        long sent, long needed, long inputs, long tokens, long refused, long waits, Duration waited, long splits) {
    /** How many requests were sent for one that was needed. */
    public double amplification() {
        return needed == 0 ? 1 : (double) sent / needed;
    }
}
