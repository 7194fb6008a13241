package io.embedlake.fake.store;

/** Sees requests pass, on their own threads. Thread-safe. */
public interface Watcher {
    /** Sees nothing. */
    Watcher NOBODY = new Watcher() {};

    /** What happens to a request. */
    enum Outcome {
        GOES_ON,
        /** Its connection is closed. */
        IS_LOST
    }

    /** A request has arrived, and the store has not heard of it. */
    default Outcome arrived(StoreRequest request) {
        return Outcome.GOES_ON;
    }

    /** The store has obeyed a request, and its client does not know. */
    default Outcome obeyed(StoreRequest request) {
        return Outcome.GOES_ON;
    }
}
