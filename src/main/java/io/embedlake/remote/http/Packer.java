package io.embedlake.remote.http;

import java.util.Iterator;

/** Groups texts into calls. Thread-safe; what it returns is confined to one thread. */
@FunctionalInterface
public interface Packer {
    /** The same texts in the same order, read only as far as needed: each in exactly one batch, or refused. */
    Iterator<Packed> pack(Iterator<String> texts);
}
