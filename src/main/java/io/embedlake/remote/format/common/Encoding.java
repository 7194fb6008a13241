package io.embedlake.remote.format.common;

import java.util.Optional;

/** The requested encoding of vectors; replies may use either. */
public enum Encoding {
    /** Decimal numbers: what every server can do. */
    FLOAT,
    /** The bytes of 32-bit floats in base64: less than half the size, and exact. */
    BASE64;

    /** What is sent, where it is not what servers do anyway. */
    public Optional<String> sent() {
        return this == BASE64 ? Optional.of("base64") : Optional.empty();
    }
}
