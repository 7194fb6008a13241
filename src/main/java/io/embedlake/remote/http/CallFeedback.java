package io.embedlake.remote.http;

import io.embedlake.remote.format.Reading.Fault;

/** Learns from a provider's answers for later calls. Thread-safe, and quick: called on the client's event loop. */
public interface CallFeedback {
    /** Learns nothing. */
    CallFeedback NONE = new CallFeedback() {
        @Override
        public void charged(long counted, long charged) {
            // Exact counts need no feedback.
        }

        @Override
        public void tooBig(Fault fault, int texts, long tokens, long characters) {
            // The client itself cuts what is too big.
        }
    };

    /** A call was charged for this many tokens. */
    void charged(long counted, long charged);

    /** A call with this many texts, tokens and characters was refused for its size. */
    void tooBig(Fault fault, int texts, long tokens, long characters);
}
