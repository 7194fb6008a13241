package io.embedlake.remote.http;

import io.embedlake.remote.format.Reading.Fault;

/** Learns from what a provider says of calls, for the next ones. Thread-safe, and quick: it is told on the client's event loop. */
public interface CallFeedback {
    /** Learns nothing. */
    CallFeedback NONE = new CallFeedback() {
        @Override
        public void charged(long counted, long charged) {
            // Whoever counts right need not be told.
        }

        @Override
        public void tooBig(Fault fault, int texts, long tokens, long characters) {
            // The client itself cuts what is too big.
        }
    };

    /** A call was charged for so many tokens. */
    void charged(long counted, long charged);

    /** A call with so many texts, tokens and characters was refused for its size. */
    void tooBig(Fault fault, int texts, long tokens, long characters);
}
