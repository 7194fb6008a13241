package io.embedlake.local.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** An unusable answer: a temporary refusal, or a truncated body. The message holds no address. */
final class TransferException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> asked;

    TransferException(String message) {
        this(message, Optional.empty());
    }

    /** @param asked how long the server asks to wait */
    TransferException(String message, Optional<Duration> asked) {
        super(message);
        this.asked = asked;
    }

    /** How long to wait before the next attempt, where the server says so. */
    static Optional<Duration> asked(IOException failure) {
        return failure instanceof TransferException transfer && transfer.asked != null
                ? transfer.asked
                : Optional.empty();
    }
}
