package io.embedlake.remote.http;

import io.embedlake.spi.Input;
import java.util.Iterator;
import java.util.Map;

/** Groups inputs into calls. Thread-safe; what it returns is confined to one thread. */
@FunctionalInterface
public interface Packer {
    /** The same inputs in the same order, read only as far as needed: each in exactly one batch, or refused. */
    Iterator<Packed> pack(Iterator<Input> inputs);

    /** What calls are limited to by now because larger ones were refused: the most of a call, by unit. */
    default Map<String, Long> learntCaps() {
        return Map.of();
    }
}
