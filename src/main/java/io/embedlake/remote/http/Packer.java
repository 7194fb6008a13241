package io.embedlake.remote.http;

import java.util.Iterator;
import java.util.Map;

/** Groups texts into calls. Thread-safe; what it returns is confined to one thread. */
@FunctionalInterface
public interface Packer {
    /** The same texts in the same order, read only as far as needed: each in exactly one batch, or refused. */
    Iterator<Packed> pack(Iterator<String> texts);

    /** What calls are limited to by now because larger ones were refused: the most of a call, by unit. */
    default Map<String, Long> learntCaps() {
        return Map.of();
    }
}
