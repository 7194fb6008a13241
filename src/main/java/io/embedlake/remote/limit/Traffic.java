package io.embedlake.remote.limit;

import java.time.Duration;

/**
 * What a run did to providers. Immutable.
 *
 * @param calls permits for calls; one that was not used in time counts, and so does the one that replaces it
 * @param paused how long providers made all calls wait because they were too fast
 */
public record Traffic(long calls, Duration paused) {
    /** Nothing was sent. */
    public static final Traffic NONE = new Traffic(0, Duration.ZERO);

    /** Both together. */
    public Traffic plus(Traffic more) {
        return new Traffic(calls + more.calls, paused.plus(more.paused));
    }

    /** What has come since an earlier time. */
    public Traffic since(Traffic earlier) {
        return new Traffic(calls - earlier.calls, paused.minus(earlier.paused));
    }
}
