package io.embedlake.remote.platform.stream;

import io.embedlake.spi.Input;
import java.util.Iterator;

/** Inputs as a server is sent them. Confined to one thread. */
record SentTexts(Iterator<Input> inputs) implements Iterator<String> {
    @Override
    public boolean hasNext() {
        return inputs.hasNext();
    }

    @Override
    public String next() {
        return inputs.next().text();
    }
}
