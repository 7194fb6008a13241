package io.embedlake.remote.format.common;

import java.util.Locale;
import java.util.Optional;

/** An option of an API that is on, off, or left to the server's default. */
public enum Switch {
    /** Not sent. */
    DEFAULT,
    /** Sent as true. */
    ON,
    /** Sent as false. */
    OFF;

    /** What is sent, if anything is. */
    public Optional<Boolean> sent() {
        return this == DEFAULT ? Optional.empty() : Optional.of(this == ON);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
