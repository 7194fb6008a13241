package io.embedlake.spi;

import java.util.Iterator;
import java.util.Map;

/**
 * An embedder that takes inputs as they come and works on many at once, however they are best put together, such as a provider's.
 * Thread-safe; closed by its creator, after all its streams.
 */
public interface StreamEmbedder extends Embedder {
    /**
     * Embeds inputs lazily, as their outcomes are read.
     *
     * @param inputs read on the thread that asks for outcomes, only as far as needed
     */
    OutcomeStream embed(Iterator<Input> inputs);

    /**
     * What its calls are limited to by now because the server refused larger ones: the most of a call, by unit ({@code texts},
     * {@code tokens}, {@code bytes}, {@code text_tokens}).
     */
    default Map<String, Long> learntCaps() {
        return Map.of();
    }
}
