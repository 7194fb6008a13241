package io.embedlake.remote.http;

/**
 * Distinguishes faults of the server from faults of a text: whether other requests succeed while one keeps failing, and how many failures
 * in a row chance explains at the rate at which requests fail now and then. Not thread-safe: confined to the client's event loop.
 *
 * <p>The rate is that of requests that succeeded in the end: neither a text that always fails nor an outage raises it.
 */
final class Evidence {
    /** The prior: one failure in ten attempts. */
    private static final double ASSUMED_FAILURES = 0.5;

    private static final double ASSUMED_ATTEMPTS = 5;
    /** What is left of the weight of an attempt after each later success. */
    private static final double FADING = 0.99;

    private double failures;
    private double attempts;
    private boolean hasSucceeded;
    private long succeededNanos;

    /**
     * A request has succeeded.
     *
     * @param failed how many attempts had failed before, outages left out
     */
    void succeeded(long nanos, int failed) {
        hasSucceeded = true;
        succeededNanos = nanos;
        failures = failures * FADING + failed;
        attempts = attempts * FADING + failed + 1;
    }

    /** Whether any request ever succeeded. */
    boolean hasSucceeded() {
        return hasSucceeded;
    }

    /** Whether a request succeeded at this moment or later. */
    boolean worksSince(long nanos) {
        return hasSucceeded && succeededNanos - nanos >= 0;
    }

    /** The least number of failures in a row that chance explains less often than this. */
    int failuresBeyond(double chance) {
        double rate = (failures + ASSUMED_FAILURES) / (attempts + ASSUMED_ATTEMPTS);
        return (int) Math.ceil(Math.log(chance) / Math.log(rate));
    }
}
