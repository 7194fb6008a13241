package io.embedlake.remote.batch;

import java.util.List;
import java.util.Objects;

/**
 * How far a batch is. Immutable.
 *
 * @param results the provider's names of the files with answers, good and bad ones; there may be some however the batch ended
 * @param reason why it failed, for messages; empty if it did not
 */
public record BatchStatus(State state, List<String> results, String reason) {
    /** Where a batch stands. */
    public enum State {
        /** It waits or is worked on. */
        RUNNING,
        /** All of it was worked on; some texts may have been refused. */
        DONE,
        /** Its time is over; what was finished until then is there. */
        EXPIRED,
        /** Cancelled; what was finished until then is available. */
        CANCELLED,
        /** It was refused as a whole. */
        FAILED,
        /** It was refused because the account has too much in its queue already. */
        QUEUE_FULL
    }

    public BatchStatus {
        Objects.requireNonNull(state);
        results = List.copyOf(results);
        Objects.requireNonNull(reason);
    }

    /** Whether nothing changes any more. */
    public boolean isOver() {
        return state != State.RUNNING;
    }
}
